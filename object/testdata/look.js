// Looks at the page of a matrix as a browser shows it, clicks on its cells, and returns
// what is wrong with it, and what it shows.
const wrong = [];
const complain = text => wrong.length < 20 && wrong.push(text);
const requests = performance.getEntriesByType("resource").map(r => r.name);
const refused = [];
document.addEventListener("securitypolicyviolation", e => refused.push(e.effectiveDirective));
const pause = () => new Promise(done => setTimeout(done, 0));

const table = document.querySelector(".grid table");
const lines = [...table.tBodies[0].rows];
const grid = lines.map(r => [...r.cells].map(c => c.innerText));
const colours = {};
for (const cell of document.querySelectorAll(".grid td")) {
	const style = getComputedStyle(cell);
	colours[cell.className] ??= style.backgroundColor + style.backgroundImage;
	if (cell.innerText === "") complain("a cell without a word");
}

// Heads stay where they are while the grid is scrolled.
const box = document.querySelector(".grid");
const corner = table.tHead.rows[0].cells[0], last = lines[lines.length - 1].cells[0];
box.scrollTo(1e6, 1e6);
const at = box.getBoundingClientRect(), cornerAt = corner.getBoundingClientRect(), lastAt = last.getBoundingClientRect();
if (Math.abs(cornerAt.left - at.left) > 2 || Math.abs(cornerAt.top - at.top) > 2) complain("the corner moves away");
if (Math.abs(lastAt.left - at.left) > 2) complain("the names of kernels move away");
box.scrollTo(0, 0);
if (document.documentElement.scrollWidth > innerWidth) complain(`the page is ${document.documentElement.scrollWidth} wide`);

// A click shows a panel, alone, at the lower edge of the window, and the page stays.
const shown = [];
const links = [...document.querySelectorAll(".grid td a")];
let tried = 0;
for (const link of links) {
	const panel = document.querySelector(link.getAttribute("href"));
	if (!panel) {
		complain(`nothing is called ${link.getAttribute("href")}`);
		continue;
	}
	shown.push(panel.innerText);
	if (tried++ >= 12) continue;
	const before = scrollY;
	link.click();
	await pause();
	const r = panel.getBoundingClientRect();
	if (getComputedStyle(panel).position !== "fixed" || Math.abs(r.bottom - innerHeight) > 1 || r.height > innerHeight * 0.5 || r.height < 20)
		complain(`a click shows a panel at ${r.top} to ${r.bottom} of ${innerHeight}`);
	if (document.querySelectorAll("section:target").length !== 1) complain("not one panel");
	if (scrollY !== before) complain(`a click scrolls from ${before} to ${scrollY}`);
	const close = panel.querySelector(".close");
	if (getComputedStyle(close).display === "none") complain("a panel cannot be closed");
	close.click();
	await pause();
	if (document.querySelector("section:target")) complain("a panel stays");
	if (scrollY !== before) complain(`closing scrolls from ${before} to ${scrollY}`);
}

// The page asks for nothing, even if something in it wants to.
const frame = document.createElement("img");
frame.src = "$ELSEWHERE";
document.body.append(frame);
await fetch("$ELSEWHERE").catch(() => {});
await pause();

const ground = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
return {
	Wrong: wrong, Requests: requests, Refused: refused, Grid: grid, Shown: shown, Colours: colours,
	Owned: typeof owned !== "undefined", Light: (ground[0] + ground[1] + ground[2]) / 765,
};
