// The player: which step is shown, and the clock that moves on to the next.
// Read next: controls.js.

/** `onStep(from, to, playing)` is called after every move, and when playing begins or ends. */
function createPlayer(last, onStep) {
  let current = 0;
  let limit = last; // the step beyond which it does not go
  let playing = false;
  let speed = USUAL_SPEED;
  let due = 0; // when the next step is to be taken, in milliseconds
  let frame = 0;

  function move(to) {
    const from = current;
    current = Math.min(limit, Math.max(0, to));
    onStep(from, current, playing);
  }

  function stop() {
    cancelAnimationFrame(frame);
    playing = false;
  }

  function tick(now) {
    if (now >= due - 2) { // a frame may come a little early
      due = Math.max(due + 1000 / speed, now);
      if (current + 1 >= limit) stop();
      move(current + 1);
    }
    if (playing) frame = requestAnimationFrame(tick);
  }

  function play() {
    playing = true;
    const again = current === last;
    due = performance.now() + 1000 / speed;
    frame = requestAnimationFrame(tick);
    move(again ? 0 : current);
  }

  return {
    current: () => current,
    isPlaying: () => playing,
    speed: () => speed,
    limitTo: (step) => (limit = step),
    isLimit: (step) => step === limit,
    /** To a step, and stop there. */
    go: (to) => {
      stop();
      move(to);
    },
    pause: () => {
      stop();
      move(current);
    },
    toggle: () => {
      if (!playing) return play();
      stop();
      move(current);
    },
    setSpeed: (steps) => {
      speed = steps;
      due = performance.now() + 1000 / speed;
    },
  };
}
