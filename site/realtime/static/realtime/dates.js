// Dates under a week as one says them: « à l’instant », « il y a 5 minutes », « hier à 14 h 05 ». The exact one stays
// in `datetime` and in the title. A day without an hour is no moment: it is said as it stands.

const clock = (date) => `${date.getHours()} h ${String(date.getMinutes()).padStart(2, '0')}`;

export function said(date, now) {
  const seconds = (now - date) / 1000;
  if (seconds < 0 || seconds >= 7 * 86400) return '';
  if (seconds < 60) return 'à l’instant';
  if (seconds < 3600) {
    const minutes = Math.floor(seconds / 60);
    return `il y a ${minutes} ${minutes > 1 ? 'minutes' : 'minute'}`;
  }
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  const days = Math.ceil((day - date) / 86400000);
  if (days <= 0) return `aujourd’hui à ${clock(date)}`;
  if (days === 1) return `hier à ${clock(date)}`;
  return `${date.toLocaleDateString('fr-FR', { weekday: 'long' })} à ${clock(date)}`;
}

const MOMENT = 'time[datetime*="T"]';

export function relative(root) {
  const now = new Date();
  const times = root.matches?.(MOMENT) ? [root] : root.querySelectorAll(MOMENT);
  for (const time of times) {
    const exact = time.title || time.textContent;
    const text = said(new Date(time.dateTime), now);
    if (text) { time.title = exact; if (time.textContent !== text) time.textContent = text; }
    else if (time.title) { time.textContent = exact; time.removeAttribute('title'); }
  }
}
