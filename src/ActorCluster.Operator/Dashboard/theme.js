'use strict';
/* Before the first paint, so that no light page flashes up in the dark. */
try {
  const chosen = localStorage.getItem('theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is switched off: the system's choice stands.
}
