// Looks at the page of a report as a browser shows it, opens and closes what can be, and returns what is wrong with
// it, and what it shows.
const wrong = [];
const complain = text => wrong.length < 20 && wrong.push(text);
const requests = performance.getEntriesByType("resource").map(r => r.name);
const refused = [];
document.addEventListener("securitypolicyviolation", e => refused.push(e.effectiveDirective));
const pause = () => new Promise(done => setTimeout(done, 0));

if (document.documentElement.scrollWidth > innerWidth) complain(`the page is ${document.documentElement.scrollWidth} wide`);

const findings = [], colours = {};
for (const d of document.querySelectorAll("details")) {
	const summary = d.querySelector("summary"), badge = summary.querySelector("b"), list = d.querySelector("dl");
	colours[d.className.trim()] ??= getComputedStyle(badge).backgroundColor;
	const open = d.open;
	summary.click();
	await pause();
	if (d.open === open) complain(`${d.id}: a click does nothing`);
	d.open = false;
	if (list.checkVisibility({ contentVisibilityAuto: true })) complain(`${d.id}: what is closed is shown`);
	d.open = true;
	if (list.getBoundingClientRect().height < 10) complain(`${d.id}: what is open is not shown`);
	const parts = {};
	for (const dt of list.querySelectorAll("dt")) parts[dt.innerText] = dt.nextElementSibling.innerText;
	findings.push({
		ID: summary.querySelector("code").innerText, Level: badge.innerText, Text: summary.innerText, Open: open,
		Seen: parts.seen ?? "", Why: parts.why ?? "", Mend: parts.mend ?? "",
	});
	d.open = open;
}

// The numbers on top lead to what they count.
const counts = {};
for (const a of document.querySelectorAll("nav a")) {
	const section = document.querySelector(a.getAttribute("href"));
	if (!section) {
		complain(`nothing is called ${a.getAttribute("href")}`);
		continue;
	}
	counts[a.className] = Number(a.querySelector("b").innerText);
	if (section.querySelectorAll("details").length !== counts[a.className]) complain(`${a.innerText}: ${section.querySelectorAll("details").length} are there`);
	if (getComputedStyle(a).backgroundColor !== (colours[a.className] ?? getComputedStyle(a).backgroundColor)) complain(`${a.innerText} has another colour`);
}

// The page asks for nothing, even if something in it wants to.
const frame = document.createElement("img");
frame.src = "$ELSEWHERE";
document.body.append(frame);
await fetch("$ELSEWHERE").catch(() => {});
await pause();

const ground = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
return {
	Wrong: wrong, Requests: requests, Refused: refused, Findings: findings, Counts: counts, Colours: colours,
	Owned: typeof owned !== "undefined", Light: (ground[0] + ground[1] + ground[2]) / 765, Title: document.querySelector("h1").innerText,
};
