// Small labels on paper of their own, placed where they cover no text: "× 0.5000" at an operation, "+= 0.5000" at what
// receives it.
// Read next: picture.js.

const PILL = { height: 17, cell: 7.3 };
const BESIDE = [0, 0.5, -0.5, 1, -1]; // places to try, in widths of the shape beside its middle
const INTO = [2, 0, 4]; // and how far over the shape's own edge
const COSTS = { text: 1e4, shape: 1, edge: 0.01, aside: 1000 }; // of a pixel covered, and of a width beside the middle
const placesOfTexts = new WeakMap();

function pill(name) {
  const group = svgElement("g", { class: `pill ${name}` });
  group.append(svgElement("rect", { y: -PILL.height / 2, height: PILL.height, rx: PILL.height / 2 }),
    svgElement("text", { y: 4, "text-anchor": "middle", "font-size": 12 }));
  return group;
}

/** `hang(mark, group, text)` shows a pill below or above a shape; `groups` are all that it should not cover. */
function createHanging(groups, size) {
  function textsOf(group) {
    if (!placesOfTexts.has(group)) {
      const texts = Array.from(group.querySelectorAll("text"), (text) => text.getBBox());
      if (texts.some((box) => !box.width)) return [boxOf(group)]; // not drawn now
      placesOfTexts.set(group, texts);
    }
    return placesOfTexts.get(group);
  }

  /** What a place would cost: texts that it covers above all. */
  function costOf(place, taken) {
    let cost = COSTS.aside * place.aside + (taken ? COSTS.text * overlap(place, taken) : 0);
    for (const group of groups) {
      const shared = overlap(place, boxOf(group));
      if (!shared) continue;
      cost += shared * (group.classList.contains("edge") ? COSTS.edge : COSTS.shape);
      for (const box of textsOf(group)) cost += COSTS.text * overlap(place, box);
    }
    return cost;
  }

  return function hang(mark, group, text, taken = null) {
    mark.toggleAttribute("hidden", !group);
    if (!group) return null;
    const width = (text.length + 2) * PILL.cell;
    const all = placesAt(boxOf(group), width);
    const inside = all.filter(({ x, y }) => Math.min(x, y) >= 0 && x + width <= size.width
      && y + PILL.height <= size.height);
    const places = inside.length ? inside : all;
    const costs = places.map((place) => costOf(place, taken));
    const { x, y } = places[costs.indexOf(Math.min(...costs))];
    mark.setAttribute("transform", `translate(${x + width / 2} ${y + PILL.height / 2})`);
    mark.firstChild.setAttribute("x", -width / 2);
    mark.firstChild.setAttribute("width", width);
    mark.lastChild.textContent = text;
    return { x, y, width, height: PILL.height };
  };
}

/** Below and above a shape, the usual place first. */
function placesAt(box, width) {
  return BESIDE.flatMap((beside) => INTO.flatMap((into) => {
    const x = box.x + box.width / 2 + beside * Math.max(box.width, width) - width / 2;
    const heights = [box.y + box.height - into, box.y - PILL.height + into];
    return heights.map((y) => ({ x, y, width, height: PILL.height, aside: Math.abs(beside) }));
  }));
}

/** The area that two rectangles share. */
function overlap(one, other) {
  const across = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const down = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return across > 0 && down > 0 ? across * down : 0;
}
