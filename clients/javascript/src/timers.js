/** The longest delay of a platform's timer; a longer delay fires at once. */
const longestDelayMs = 2 ** 31 - 1;

/** Calls back after any number of milliseconds; never, for `Infinity`. Returns a function that cancels the timer. */
export function after(milliseconds, callback) {
  let timer;
  const start = (left) => {
    const delay = Math.min(left, longestDelayMs);
    timer = setTimeout(() => (left > delay ? start(left - delay) : callback()), delay);
  };
  if (milliseconds !== Infinity) start(milliseconds);
  return () => clearTimeout(timer);
}
