// Builds elements, and keeps focus and typed words where something is built anew.

/** An element: `on…` are listeners, true and false set and unset, the rest are attributes. */
export function h(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value") made.value = value;
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat(9).filter((one) => one !== null && one !== undefined && one !== false));
  return made;
}

let last = 0;

/** A new id for an element that others point at. */
export function newId(prefix) {
  last += 1;
  return `${prefix}-${last}`;
}

/** Puts `children` into `root`; who had focus, what was typed and not sent, and scrolling stay. */
export function replace(root, ...children) {
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.dataset.key;
  const range = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  const typed = new Map();
  for (const one of root.querySelectorAll("[data-key][data-sent]")) {
    if (one.value !== one.dataset.sent) typed.set(one.dataset.key, one.value);
  }
  const { scrollTop } = root;
  root.replaceChildren(...children);
  for (const [its, words] of typed) {
    const now = keyed(root, its);
    if (now && "sent" in now.dataset) now.value = words;
  }
  root.scrollTop = scrollTop;
  const again = key && keyed(root, key);
  if (!again) return active === null;
  again.focus({ preventScroll: true });
  if (range && range[0] !== null) again.setSelectionRange?.(...range);
  return true;
}

export function keyed(root, key) {
  return root.querySelector(`[data-key="${CSS.escape(key)}"]`);
}

/** Shows `panel` above everything, under `anchor` or over it where there is no room. */
export function drop(panel, anchor) {
  if (!panel.matches(":popover-open")) panel.showPopover();
  const at = anchor.getBoundingClientRect();
  panel.style.minWidth = `${Math.min(at.width, innerWidth - 16)}px`;
  const { offsetWidth: wide, offsetHeight: high } = panel;
  const isBelow = at.bottom + high + 12 < innerHeight || at.top < high + 12;
  panel.style.left = `${Math.max(8, Math.min(at.left, innerWidth - wide - 8))}px`;
  panel.style.top = `${isBelow ? Math.min(at.bottom + 4, innerHeight - high - 8) : at.top - high - 4}px`;
}
