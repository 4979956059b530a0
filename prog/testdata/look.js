// Looks at the page of a program's graph as a browser shows it, and returns
// what is wrong with it, and some counts.
const wrong = [];
const complain = text => wrong.length < 20 && wrong.push(text);
const about = (a, b) => Math.abs(a - b) <= 1;
const requests = performance.getEntriesByType("resource").map(r => r.name);

const blocks = [...document.querySelectorAll(".block")];
const box = new Map();
for (const b of blocks) {
	if (box.has(b.id)) complain(`two blocks ${b.id}`);
	const m = b.transform.baseVal.consolidate().matrix, r = b.querySelector("rect");
	const at = { id: b.id, svg: b.ownerSVGElement, x: m.e, y: m.f, w: r.width.baseVal.value, h: r.height.baseVal.value };
	box.set(b.id, at);
	const frame = r.getBBox();
	for (const text of b.querySelectorAll("text")) {
		const t = text.getBBox();
		if (t.x < frame.x || t.y < frame.y || t.x + t.width > frame.x + frame.width || t.y + t.height > frame.y + frame.height)
			complain(`the text is ${t.width} wide in a box of ${frame.width}: ${text.textContent}`);
	}
}

// Blocks that are near each other in one drawing, by their height.
const bySvg = Map.groupBy(box.values(), b => b.svg);
for (const list of bySvg.values()) {
	list.sort((a, b) => a.y - b.y);
	const view = list[0].svg.viewBox.baseVal;
	list.forEach((a, i) => {
		if (a.x < view.x || a.y < view.y || a.x + a.w > view.x + view.width || a.y + a.h > view.y + view.height) complain(`${a.id} is outside`);
		for (let k = i + 1; k < list.length && list[k].y < a.y + a.h; k++) {
			const b = list[k];
			if (a.x < b.x + b.w && b.x < a.x + a.w) complain(`${a.id} and ${b.id} overlap`);
		}
	});
}

const edges = [...document.querySelectorAll(".edge")];
for (const e of edges) {
	const name = `${e.dataset.from} to ${e.dataset.to}`;
	const from = box.get(e.dataset.from), to = box.get(e.dataset.to), length = e.getTotalLength();
	const start = e.getPointAtLength(0), end = e.getPointAtLength(length);
	if (from.svg !== e.ownerSVGElement || to.svg !== e.ownerSVGElement) complain(`${name}: another drawing`);
	if (!about(start.y, from.y + from.h) || start.x < from.x || start.x > from.x + from.w) complain(`${name} starts at ${start.x} ${start.y}`);
	if (!about(end.y, to.y) || end.x < to.x || end.x > to.x + to.w) complain(`${name} ends at ${end.x} ${end.y}`);
	const near = e.getBBox(), others = bySvg.get(from.svg).filter(b => b.x < near.x + near.width && near.x < b.x + b.w && b.y < near.y + near.height && near.y < b.y + b.h);
	for (let at = 0; others.length && at < length; at += 5) {
		const p = e.getPointAtLength(at);
		for (const b of others) if (p.x > b.x && p.x < b.x + b.w && p.y > b.y + 1 && p.y < b.y + b.h - 1) complain(`${name} crosses ${b.id} at ${p.x} ${p.y}`);
	}
	if (!document.querySelector(getComputedStyle(e).markerEnd.replace(/^url\("?|"?\)$/g, ""))) complain(`${name} has no head`);
}

// How the kinds of arrows differ.
const looks = {};
for (const kind of ["taken", "not", "always"]) {
	const e = document.querySelector(`.edge.${kind}:not(.back)`) ?? document.querySelector(`.legend .${kind}`), s = getComputedStyle(e);
	looks[kind] = [s.stroke, s.strokeDasharray];
}

// How much lighter one colour is than another one: 1 to 21.
function light(colour) {
	const [r, g, b] = colour.match(/[\d.]+/g).map(Number).map(c => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a, b, least, what) {
	const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
	const got = (high + 0.05) / (low + 0.05);
	if (got < least) complain(`${what}: contrast ${got} of ${a} on ${b}, want ${least}`);
}
const ground = getComputedStyle(document.body).backgroundColor;
for (const what of ["h1", "h2", "dt", "dd", ".legend", "nav a", "nav small", "section > p", "section > p a"]) {
	const e = document.querySelector(what);
	if (e) contrast(getComputedStyle(e).color, ground, 4.5, what);
}
for (const what of ["insn", "bytes", "source", "remark", "insn a"]) {
	const e = document.querySelector(`.graph text.${what}`);
	if (e) contrast(getComputedStyle(e).fill, getComputedStyle(e.closest(".block").querySelector("rect")).fill, 4.5, what);
}
for (const [kind, [stroke]] of Object.entries(looks)) contrast(stroke, ground, 3, kind);
for (const what of ["rect", ".start", ".exit"]) contrast(getComputedStyle(document.querySelector(`.graph ${what}`)).stroke, ground, 3, what);

for (const a of document.querySelectorAll("a")) {
	const to = a.getAttribute("href");
	if (!to.startsWith("#") || !document.querySelector(to)) complain(`${to} leads nowhere`);
}
if (document.documentElement.scrollWidth > innerWidth) complain(`the page is ${document.documentElement.scrollWidth} wide in a window of ${innerWidth}`);

// What the script of the page does.
const first = document.querySelector(".edge:not(.back)");
const done = {};
if (first) {
	const block = document.getElementById(first.dataset.from), view = first.closest(".graph"), svg = first.ownerSVGElement;
	const count = (root, what) => root.querySelectorAll(what).length;
	const touching = edges.filter(e => [e.dataset.from, e.dataset.to].includes(block.id)).length;
	block.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
	done.near = count(svg, ".edge.near") === touching;
	block.dispatchEvent(new MouseEvent("click", { bubbles: true }));
	done.chosen = view.classList.contains("focus") && count(svg, ".edge.lit") === touching && block.classList.contains("chosen");
	const far = edges.find(e => e.ownerSVGElement === svg && !e.classList.contains("lit"));
	if (far) done.faded = getComputedStyle(far).opacity < 0.5;
	block.dispatchEvent(new MouseEvent("click", { bubbles: true }));
	done.again = !view.classList.contains("focus") && count(svg, ".lit") === 0;
	const before = svg.getBoundingClientRect().width;
	view.previousElementSibling.children[1].click();
	done.bigger = about(svg.getBoundingClientRect().width, before * 1.25);
	view.previousElementSibling.children[2].click();
	done.asItWas = about(svg.getBoundingClientRect().width, before);
}
for (const [what, ok] of Object.entries(done)) if (!ok) complain(`the script does not do it: ${what}`);

// The network is forbidden, whatever a page would like to have.
const refused = [];
addEventListener("securitypolicyviolation", e => refused.push(e.effectiveDirective));
const ask = "$ELSEWHERE";
await fetch(ask + "fetch").catch(() => {});
new Image().src = ask + "image";
const style = document.createElement("link");
Object.assign(style, { rel: "stylesheet", href: ask + "style" });
const script = document.createElement("script");
script.src = ask + "script";
const frame = document.createElement("iframe");
frame.src = ask + "frame";
document.head.append(style, script);
document.body.append(frame);
await new Promise(soon => setTimeout(soon, 300));

return {
	wrong, requests, looks, refused: refused.sort(), owned: document.title === "owned",
	blocks: blocks.length, edges: edges.length, dark: matchMedia("(prefers-color-scheme: dark)").matches, light: light(ground),
};
