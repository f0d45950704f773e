'use strict';
/* Charts of expression predictions. All text is set as text; colours come from charts.css by class number. */
const Charts = (() => {
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const LEVELS = 63;
  const SVG = 'http://www.w3.org/2000/svg';

  /** An element with a class, and children that are elements or text. */
  function element(tag, className, ...children) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...children.filter(child => child !== null && child !== undefined));
    return made;
  }

  function shape(tag, attributes) {
    const made = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  function swatch(index) {
    const made = element('span', 'swatch');
    made.style.background = `var(--class-${index})`;
    return made;
  }

  const whole = number => Math.round(number).toLocaleString('en-GB');
  const plural = (count, word) => `${whole(count)} ${word}${count === 1 ? '' : 's'}`;
  const top = labels => labels.indexOf(Math.max(...labels));
  const sum = labels => labels.reduce((total, count) => total + count, 0);
  const percent = share => `${share > 0 && share < 0.005 ? '<1' : share < 1 && share > 0.995 ? '>99' : Math.round(share * 100)}\u00a0%`;

  /** Seconds as s, m:ss or h:mm:ss, with as many decimals as asked for below a minute. */
  function time(seconds, decimals = 0) {
    const sign = seconds < 0 ? '−' : '';
    const tick = 10 ** decimals;
    const rounded = Math.round(Math.abs(seconds) * tick) / tick;
    if (rounded < 60) return `${sign}${rounded.toFixed(decimals)}\u00a0s`;
    const two = value => String(Math.floor(value)).padStart(2, '0');
    const rest = decimals > 0 ? (rounded % 60).toFixed(decimals).padStart(3 + decimals, '0') : two(rounded % 60);
    const minutes = Math.floor(rounded / 60);
    return minutes < 60 ? `${sign}${minutes}:${rest}` : `${sign}${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
  }

  /** The same with the precision that a video's length deserves. */
  const length = seconds => time(seconds, seconds < 600 ? 1 : 0);

  /** How long something took, in words. */
  function duration(seconds) {
    if (seconds < 10) return `${seconds.toFixed(1)}\u00a0s`;
    if (seconds < 60) return `${Math.round(seconds)}\u00a0s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
    return `${Math.floor(seconds / 3600).toLocaleString('en-GB')} h ${Math.round(seconds % 3600 / 60)} min`;
  }

  function moment(text) {
    const options = { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' };
    return `${new Date(text).toLocaleString('en-GB', options)} UTC`;
  }

  /** A figure to two digits, or to whole ones from 100 on. */
  function number(value) {
    return value >= 100 ? whole(value) : value.toLocaleString('en-GB', { maximumSignificantDigits: 2 });
  }

  /** Switches between light and dark; the system's choice stands until then. `chosen`, where given, is told the choice. */
  function themeButton(chosen) {
    const button = element('button', '');
    button.type = 'button';
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const isDark = () => (document.documentElement.dataset.theme || (dark.matches ? 'dark' : 'light')) === 'dark';
    const label = () => { button.textContent = isDark() ? 'Light' : 'Dark'; };
    button.addEventListener('click', () => {
      document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
      label();
      if (chosen) chosen(document.documentElement.dataset.theme);
    });
    dark.addEventListener('change', label);
    label();
    return button;
  }

  /** Unpacks the columns: 8 characters each; see TimelineColumns in the program. */
  function decode(text) {
    const columns = [];
    for (let at = 0; at < text.length; at += 8) {
      const values = Array.from(text.slice(at, at + 8), character => ALPHABET.indexOf(character));
      const bits = values[7];
      const tops = [...values.slice(0, 7), LEVELS];
      columns.push({ tops, label: bits & 7, face: (bits >> 3) & 3, audio: bits >> 5 });
    }
    return columns;
  }

  const probability = (column, index) => (column.tops[index] - (index > 0 ? column.tops[index - 1] : 0)) / LEVELS;

  /** Neighbouring columns with one value of key, as [start, end, value]. */
  function runs(columns, key) {
    const found = [];
    columns.forEach((column, at) => {
      const last = found[found.length - 1];
      if (last && last[2] === column[key]) last[1] = at + 1;
      else found.push([at, at + 1, column[key]]);
    });
    return found;
  }

  /** The stacked areas: each class from the one below up to its top, as steps. */
  function stack(columns) {
    const svg = shape('svg', { viewBox: `0 0 ${columns.length} ${LEVELS}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
    for (let index = 7; index >= 0; index--) {
      if (!columns.some(column => probability(column, index) > 0)) continue;
      let path = `M0 ${LEVELS}`;
      columns.forEach((column, at) => { path += `V${LEVELS - column.tops[index]}H${at + 1}`; });
      const area = shape('path', { d: `${path}V${LEVELS}Z` });
      area.style.fill = `var(--class-${index})`;
      svg.append(area);
    }
    svg.append(shape('line', { class: 'half', x1: 0, x2: columns.length, y1: LEVELS / 2, y2: LEVELS / 2 }));
    return svg;
  }

  /** Where something is there: fully, or for some of a column's frames only. */
  function strip(columns, key, all) {
    const svg = shape('svg', { viewBox: `0 0 ${columns.length} 1`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
    for (const [start, end, value] of runs(columns, key)) {
      if (value > 0) svg.append(shape('path', { d: `M${start} 0H${end}V1H${start}Z`, class: value < all ? 'some' : 'all' }));
    }
    return element('div', 'strip', svg);
  }

  function ribbon(columns, classes) {
    const made = element('div', 'ribbon');
    for (const [start, end, label] of runs(columns, 'label')) {
      const part = element('div', '', element('span', '', classes[label]));
      part.style.flexGrow = end - start;
      part.style.background = `var(--class-${label})`;
      part.style.color = `var(--on-class-${label})`;
      made.append(part);
    }
    return made;
  }

  /** Round times along the axis, at most six. */
  function ticks(start, end) {
    const steps = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 36000];
    const step = steps.find(candidate => (end - start) / candidate <= 6) || Math.ceil((end - start) / 6 / 36000) * 36000;
    const found = [];
    for (let at = Math.ceil(start / step) * step; at <= end && found.length < 8; at += step) found.push(at);
    return { found, decimals: step < 0.1 ? 2 : step < 1 ? 1 : 0 };
  }

  function axis(start, end) {
    const made = element('div', 'axis', element('span', '', time(start, end - start < 6 || start % 1 !== 0 ? 1 : 0)));
    const { found, decimals } = ticks(start, end);
    for (const at of found) {
      const share = (at - start) / (end - start);
      if (share < 0.1 || share > 0.97) continue;
      const mark = element('span', '', time(at, decimals));
      mark.style.left = `${share * 100}%`;
      made.append(mark);
    }
    return made;
  }

  function readout(column, seconds, classes) {
    const order = classes.map((_, index) => index).sort((a, b) => probability(column, b) - probability(column, a));
    const rows = order.filter(index => probability(column, index) > 0)
      .map(index => element('div', 'row', swatch(index), classes[index], element('i', '', percent(probability(column, index)))));
    const face = ['no face', 'face in part', 'face'][column.face];
    return [
      element('b', '', `${time(seconds, 1)} · ${classes[column.label]}`), ...rows,
      element('em', '', `${face}, ${column.audio ? 'sound' : 'no sound'}`)];
  }

  /**
   * A video's timeline: stacked probabilities, label ribbon, face and audio strips, time axis; a read-out follows the pointer, a finger,
   * or the arrow keys.
   * @param video {columns, start, end} with times in seconds
   * @param classes class names by number
   * @param description what a screen reader says
   * @param seek told the seconds that a click, a drag or a key chooses; the result's `point(seconds)` then moves a playhead, and returns
   * {label, shares, face, audio} of there
   */
  function timeline(video, classes, description, seek) {
    const columns = decode(video.columns);
    const plot = element('div', 'plot', stack(columns));
    plot.tabIndex = 0;
    plot.setAttribute('role', 'slider');
    plot.setAttribute('aria-label', description);
    plot.setAttribute('aria-valuemin', '0');
    plot.setAttribute('aria-valuenow', '0');
    plot.setAttribute('aria-valuemax', String(columns.length - 1));
    const cursor = element('div', 'cursor');
    const box = element('div', 'readout');
    cursor.hidden = box.hidden = true;
    const made = element('div', 'timeline',
      element('div', 'name scale', element('span', '', '100 %'), element('span', '', '50 %'), element('span', '', '0')), plot,
      element('div', 'name', 'label'), ribbon(columns, classes),
      element('div', 'name', 'face'), strip(columns, 'face', 2),
      element('div', 'name', 'audio'), strip(columns, 'audio', 1),
      element('div', ''), axis(video.start, video.end), cursor, box);
    let at = -1;

    function show(index) {
      at = Math.max(0, Math.min(columns.length - 1, index));
      const seconds = video.start + (at + 0.5) / columns.length * (video.end - video.start);
      box.replaceChildren(...readout(columns[at], seconds, classes));
      cursor.hidden = box.hidden = false;
      const left = plot.offsetLeft + (at + 0.5) / columns.length * plot.offsetWidth;
      cursor.style.left = `${left}px`;
      cursor.style.height = `${made.offsetHeight - 14}px`;
      const beside = left + 12 + box.offsetWidth <= made.offsetWidth ? left + 12 : left - 12 - box.offsetWidth;
      box.style.left = `${Math.max(0, beside)}px`;
      plot.setAttribute('aria-valuenow', String(at));
      plot.setAttribute('aria-valuetext', Array.from(box.children, row => Array.from(row.childNodes, part => part.textContent).join(' ')).join(', '));
    }

    function hide() { cursor.hidden = box.hidden = true; }

    const shareAt = event => {
      const area = plot.getBoundingClientRect();
      return (event.clientX - area.left) / area.width;
    };
    const follow = event => show(Math.floor(shareAt(event) * columns.length));
    plot.addEventListener('pointermove', follow);
    plot.addEventListener('pointerdown', follow);
    plot.addEventListener('pointerleave', hide);
    plot.addEventListener('blur', hide);
    plot.addEventListener('focus', () => { if (plot.matches(':focus-visible')) show(Math.max(0, at)); });
    plot.addEventListener('keydown', event => {
      const page = Math.max(1, Math.round(columns.length / 20));
      const moves = { ArrowLeft: at - 1, ArrowRight: at + 1, PageUp: at + page, PageDown: at - page, Home: 0, End: columns.length - 1 };
      if (event.key === 'Escape') hide();
      else if (event.key in moves) {
        event.preventDefault();
        show(moves[event.key]);
        if (seek) seek(video.start + (at + 0.5) / columns.length * (video.end - video.start));
      }
    });
    if (seek) addPlayhead();
    return made;

    function addPlayhead() {
      const head = element('div', 'playhead');
      head.hidden = true;
      made.append(head);
      made.classList.add('seekable');
      const choose = event => {
        const share = shareAt(event);
        if (share >= 0 && share <= 1) seek(video.start + share * (video.end - video.start));
      };
      made.addEventListener('click', choose);
      plot.addEventListener('pointermove', event => { if (event.buttons & 1) choose(event); });
      made.point = seconds => {
        const share = Math.max(0, Math.min(1, (seconds - video.start) / (video.end - video.start)));
        at = Math.min(columns.length - 1, Math.floor(share * columns.length));
        head.hidden = false;
        head.style.left = `${plot.offsetLeft + share * plot.offsetWidth}px`;
        head.style.height = `${made.offsetHeight - 14}px`;
        return { ...columns[at], shares: classes.map((_, index) => probability(columns[at], index)) };
      };
    }
  }

  /** Class totals as bars with their values beside them. */
  function bars(counts, classes, unit) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    const most = Math.max(1, ...counts);
    const made = element('dl', 'bars');
    counts.forEach((count, index) => {
      const bar = element('div', 'bar');
      bar.style.width = `${count / most * 100}%`;
      bar.style.background = `var(--class-${index})`;
      bar.hidden = count === 0;
      made.append(
        element('dt', '', swatch(index), classes[index]),
        element('dd', 'track', bar),
        element('dd', 'value', total > 0 ? percent(count / total) : '0 %', element('small', '', ` · ${whole(count)}${unit}`)));
    });
    return made;
  }

  /**
   * A square of counts, each cell shaded by its share of its row.
   * @param counts rows of counts
   * @param names of rows and columns
   * @param corner what rows and columns are
   * @param last a column beyond it, {name, values}; none where left out
   */
  function matrix(counts, names, corner, last) {
    const heading = name => {
      const cell = element('th', 'number', name);
      cell.scope = 'col';
      return cell;
    };
    const head = element('tr', '', element('th', '', corner), ...names.map(heading), last ? element('th', 'number', last.name) : null);
    const rows = counts.map((row, at) => {
      const all = sum(row);
      const name = element('th', '', names[at]);
      name.scope = 'row';
      return element('tr', '', name, ...row.map((count, column) => {
        const cell = element('td', 'number', whole(count));
        cell.dataset.name = names[column];
        const share = all > 0 ? count / all : 0;
        cell.style.background = `color-mix(in srgb, var(--accent) ${Math.round(share * 45)}%, transparent)`;
        if (at === column) cell.className = 'number right';
        return cell;
      }), last ? element('td', 'number', last.values[at]) : null);
    });
    return element('table', '', element('thead', '', head), element('tbody', '', ...rows));
  }

  function legend(classes) {
    return element('ul', 'legend', ...classes.map((name, index) => element('li', '', swatch(index), name)));
  }

  return {
    element, shape, swatch, timeline, bars, matrix, legend, themeButton,
    time, length, duration, moment, number, percent, whole, plural, top, sum,
  };
})();
