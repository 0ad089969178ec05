/** Today's date in the programmes' time zone, or that of so many days from now: what pages and the API take for a day. */
export const dayOf = (daysFromNow = 0): string =>
  new Date(Date.now() + daysFromNow * 86_400_000).toLocaleDateString('en-CA', {
    timeZone: 'Asia/Shanghai',
  });
