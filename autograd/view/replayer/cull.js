// What is far outside of the window is not drawn: a step of a large picture costs what is in sight, not what there is.
// Read next: picture.js.

const MARGIN = 0.5; // windows on each side
const places = new WeakMap();

/** The place of a shape, which never moves: asked for again and again, it would be laid out each time. */
function boxOf(group) {
  if (!places.has(group)) {
    const box = group.getBBox();
    if (!box.width && !box.height) return box; // not shown now
    places.set(group, box);
  }
  return places.get(group);
}

/**
 * `cull(scale, left, top)` shows what is in the window `view` scrolled there, and somewhat further on each side, so
 * that nothing is missing while it moves; it hides the rest of `groups`.
 */
function createCulling(view, groups) {
  let items = null;
  let drawn = "";

  /** All places at once, while everything is still shown: later there would be none to ask for. */
  function measured() {
    const made = groups.map((group) => ({ group, box: boxOf(group), hidden: false }));
    return made.some(({ box }) => box.width) ? made : null;
  }

  return function cull(scale, left, top) {
    const width = view.clientWidth / scale;
    const height = view.clientHeight / scale;
    if (!width || !height) return;
    const column = Math.floor((4 * left) / scale / width);
    const row = Math.floor((4 * top) / scale / height);
    const wanted = [column, row, width, height].join(" ");
    if (wanted === drawn) return; // moved by less than a quarter of it
    items = items || measured();
    if (!items) return;
    drawn = wanted;
    const x = [(column / 4 - MARGIN) * width, (column / 4 + 1.25 + MARGIN) * width];
    const y = [(row / 4 - MARGIN) * height, (row / 4 + 1.25 + MARGIN) * height];
    for (const item of items) {
      const { group, box } = item;
      const hidden = box.x > x[1] || box.x + box.width < x[0] || box.y > y[1] || box.y + box.height < y[0];
      if (hidden !== item.hidden) group.style.display = hidden ? "none" : "";
      item.hidden = hidden;
    }
  };
}
