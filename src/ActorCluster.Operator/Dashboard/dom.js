/* Elements. All text is set as text; markup never comes from data. */

/** An element with attributes (`onclick` and the like are listeners) and children that are elements or text; null and false are left out. */
export function make(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
  return made;
}

export const byId = id => document.getElementById(id);

/** Sets a text if it is another one: what has not changed is not drawn again, and not selected away from under a reader. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

const kept = new WeakMap();

/**
 * Makes a parent's children those of a list, keeping the elements of items that stay, so that focus, hover and selection outlive an update.
 * @param create makes {element, update(item)} for an item
 */
export function keyed(parent, items, keyOf, create) {
  const before = kept.get(parent) ?? new Map();
  const after = new Map();
  let next = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    if (after.has(key)) continue;
    const entry = before.get(key) ?? create(item);
    after.set(key, entry);
    entry.update(item);
    if (entry.element === next) next = next.nextElementSibling;
    else parent.insertBefore(entry.element, next);
  }
  for (const [key, entry] of before) if (!after.has(key)) entry.element.remove();
  kept.set(parent, after);
}

/** A link. Addresses are ours alone: see addresses in api.js. */
export const link = (href, className, ...children) => make('a', { href, class: className || null }, ...children);

/** Replaces an element's children. */
export function fill(element, ...children) {
  element.replaceChildren(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false));
}

/** A bar of shares of a whole: [{share, className}]. */
export function stackedBar(className, label) {
  const made = make('div', { class: className, role: 'img', 'aria-label': label ?? '' });
  made.show = (parts, text) => {
    while (made.children.length > parts.length) made.lastChild.remove();
    parts.forEach((part, at) => {
      const piece = made.children[at] ?? made.appendChild(make('div'));
      piece.className = part.className;
      piece.style.width = `${Math.max(0, Math.min(1, part.share)) * 100}%`;
      piece.hidden = !(part.share > 0);
      if (part.title) piece.title = part.title;
    });
    if (made.getAttribute('aria-label') !== text) made.setAttribute('aria-label', text);
  };
  return made;
}
