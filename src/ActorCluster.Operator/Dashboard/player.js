/* A video played in step with its timeline, with the chosen face drawn over it. */
import { addresses, find } from './api.js';
import { fill, make } from './dom.js';

/**
 * @param place where it is shown
 * @param moved told the seconds that are shown
 * @returns {seek(seconds)}
 */
export function player(run, id, place, moved) {
  const video = make('video', { controls: true, preload: 'metadata', playsinline: true, src: addresses.video(run, id, '/media'), 'aria-label': `The video ${id}` });
  const face = make('div', { class: 'face', hidden: true });
  const frame = make('div', { class: 'picture' }, video, face);
  const note = make('p', { class: 'more', hidden: true });
  fill(place, frame, note);
  let boxes = null;
  let hold = 0;
  let canPlay = true;

  function say(words) {
    note.textContent = words;
    note.hidden = words === '';
  }

  video.addEventListener('error', () => {
    canPlay = false;
    frame.hidden = true;
    place.classList.add('none');
    say('This browser cannot play the video, or its file is gone. The timeline stands for itself: click into it.');
    moved(0);
  });

  find(addresses.video(run, id, '/boxes')).then(found => {
    if (!found || found.boxes.length === 0) return;
    boxes = found;
    const gaps = found.boxes.slice(1, 200).map((box, at) => box[0] - found.boxes[at][0]).sort((a, b) => a - b);
    // A box stands until the next frame; where frames were left out, until the next that was not.
    hold = 1.5 * (gaps[Math.floor(gaps.length / 2)] ?? 0.04);
    draw(video.currentTime);
  }, () => say('The face boxes could not be had.'));

  function boxAt(seconds) {
    let [low, high] = [0, boxes.boxes.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (boxes.boxes[middle][0] <= seconds + 1e-3) low = middle;
      else high = middle - 1;
    }
    const found = boxes.boxes[low];
    return found[0] <= seconds + 1e-3 && seconds - found[0] < hold ? found : null;
  }

  /** Where the picture lies in its element, bars beside or above it left out. */
  function draw(seconds) {
    const box = boxes && canPlay ? boxAt(seconds) : null;
    face.hidden = !box;
    if (!box) return;
    const [width, height] = [video.clientWidth, video.clientHeight];
    const scale = Math.min(width / boxes.width, height / boxes.height);
    const [left, top] = [(width - boxes.width * scale) / 2, (height - boxes.height * scale) / 2];
    const [, x, y, w, h] = box;
    face.style.transform = `translate(${left + x * scale}px, ${top + y * scale}px)`;
    face.style.width = `${w * scale}px`;
    face.style.height = `${h * scale}px`;
  }

  function show(seconds) {
    moved(seconds);
    draw(seconds);
  }

  // By shown frames where the browser tells of them, else by what it tells of time.
  if ('requestVideoFrameCallback' in video) {
    const shown = (_, facts) => {
      show(facts.mediaTime);
      video.requestVideoFrameCallback(shown);
    };
    video.requestVideoFrameCallback(shown);
  } else {
    const step = () => {
      show(video.currentTime);
      if (!video.paused && !video.ended) requestAnimationFrame(step);
    };
    video.addEventListener('play', step);
    video.addEventListener('timeupdate', () => show(video.currentTime));
  }
  video.addEventListener('seeking', () => moved(video.currentTime));
  new ResizeObserver(() => draw(video.currentTime)).observe(video);

  return {
    /** The seconds that are shown. */
    get seconds() { return video.currentTime; },
    seek(seconds) {
      if (canPlay && video.readyState > 0) video.currentTime = Math.max(0, seconds);
      else moved(seconds);
    },
    /** Plays, or stops playing. */
    toggle() {
      if (!canPlay) return;
      if (video.paused) video.play().catch(() => {});
      else video.pause();
    },
  };
}
