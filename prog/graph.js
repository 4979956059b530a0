"use strict";
// The page is complete without this: it zooms, drags, and follows arrows.
for (const view of document.querySelectorAll(".graph")) {
	const svg = view.querySelector("svg");
	const width = svg.width.baseVal.value, height = svg.height.baseVal.value;
	let zoom = 1;

	// scale zooms, and keeps the point at x, y of the view where it is.
	function scale(to, x = view.clientWidth / 2, y = view.clientHeight / 2) {
		to = Math.min(4, Math.max(0.02, to));
		const left = (view.scrollLeft + x) * to / zoom - x, top = (view.scrollTop + y) * to / zoom - y;
		zoom = to;
		svg.setAttribute("width", width * zoom);
		svg.setAttribute("height", height * zoom);
		view.scrollTo(left, top);
	}

	const tools = document.createElement("div");
	tools.className = "tools";
	const tool = (label, tip, act) => {
		const b = document.createElement("button");
		b.textContent = label;
		b.title = tip;
		b.onclick = act;
		tools.append(b);
	};
	tool("−", "smaller", () => scale(zoom / 1.25));
	tool("+", "bigger (or Ctrl and the wheel)", () => scale(zoom * 1.25));
	tool("1:1", "as it is", () => scale(1));
	tool("whole", "all of it", () => scale(Math.min(1, view.clientWidth / width, innerHeight * 0.9 / height)));
	view.before(tools);

	view.addEventListener("wheel", e => {
		if (!e.ctrlKey && !e.metaKey) return;
		e.preventDefault();
		const at = view.getBoundingClientRect();
		scale(zoom * Math.exp(-e.deltaY / 300), e.clientX - at.left, e.clientY - at.top);
	}, { passive: false });

	// The background is dragged. Text stays something to select.
	let grip = null;
	view.addEventListener("pointerdown", e => {
		if (e.button || e.pointerType !== "mouse" || e.target.closest(".block") || e.offsetX > view.clientWidth && e.target === view) return;
		grip = { x: e.clientX + view.scrollLeft, y: e.clientY + view.scrollTop };
		view.classList.add("dragged");
		view.setPointerCapture(e.pointerId);
	});
	view.addEventListener("pointermove", e => grip && view.scrollTo(grip.x - e.clientX, grip.y - e.clientY));
	for (const end of ["pointerup", "pointercancel"]) view.addEventListener(end, () => {
		grip = null;
		view.classList.remove("dragged");
	});

	// edges has the arrows of each block.
	const edges = new Map();
	for (const e of svg.querySelectorAll(".edge")) for (const b of new Set([e.dataset.from, e.dataset.to])) {
		if (!edges.has(b)) edges.set(b, []);
		edges.get(b).push(e);
	}
	const touching = block => edges.get(block.id) ?? [];

	svg.addEventListener("mouseover", e => {
		for (const old of svg.querySelectorAll(".near")) old.classList.remove("near");
		const block = e.target.closest(".block"), edge = e.target.closest(".edge");
		for (const a of block ? touching(block) : edge ? [edge] : []) a.classList.add("near");
	});
	svg.addEventListener("mouseleave", () => {
		for (const old of svg.querySelectorAll(".near")) old.classList.remove("near");
	});

	// choose shows a block and where it leads, and lets the rest fade.
	function choose(block) {
		const again = block?.classList.contains("chosen");
		for (const old of svg.querySelectorAll(".lit, .chosen")) old.classList.remove("lit", "chosen");
		view.classList.toggle("focus", Boolean(block) && !again);
		if (!block || again) return;
		block.classList.add("lit", "chosen");
		for (const e of touching(block)) {
			e.classList.add("lit");
			for (const id of [e.dataset.from, e.dataset.to]) document.getElementById(id).classList.add("lit");
		}
	}
	svg.addEventListener("click", e => {
		if (e.target.closest("a") || String(getSelection())) return;
		choose(e.target.closest(".block"));
	});
	view.addEventListener("keydown", e => {
		if (e.key === "Escape") choose(null);
		if (e.key === "+") scale(zoom * 1.25);
		if (e.key === "-") scale(zoom / 1.25);
	});

	// The start is what is to be seen first.
	const entry = svg.querySelector(".entry")?.getBoundingClientRect();
	if (entry) view.scrollLeft += entry.left + entry.width / 2 - view.getBoundingClientRect().left - view.clientWidth / 2;
}
