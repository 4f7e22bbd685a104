// Keeps a page up to date: positions, fragments swapped by id, the person's strips, one polite announcement.
// Nothing moves under a reader: what is new waits behind a button unless its place is in sight and nobody writes there.

import { join } from './tabs.js';
import { relative } from './dates.js';

const root = document.querySelector('[data-flux]');
const list = document.querySelector('[data-flux-list]');
const pill = document.querySelector('[data-flux-pill]');
const away = document.querySelector('[data-flux-away]');
const announcer = document.querySelector('[data-flux-announce]');
const composer = document.querySelector('[data-composer]');

const { who, release } = root.dataset;
let epoch = root.dataset.epoch;
const positions = JSON.parse(root.dataset.streams);
const over = new Set();
const waiting = new Map(); // id → object that is not on the page yet
let announced = 0;
let fresh = 0;

// -- what the page says --------------------------------------------------------------------------------------------

const words = (count, forms) => `${count} ${forms.split(',')[count > 1 ? 1 : 0]}`;

function announce() {
  if (!fresh) return;
  const wait = Math.max(0, announced + 10000 - Date.now());
  setTimeout(() => {
    if (!fresh) return;
    announcer.textContent = words(fresh, pill?.dataset.fluxPill || 'nouveauté,nouveautés');
    fresh = 0;
    announced = Date.now();
  }, wait);
}

function showPill() {
  if (!pill) return;
  pill.hidden = waiting.size === 0;
  const text = words(waiting.size, pill.dataset.fluxPill);
  pill.textContent = writing() ? `${text} pendant que vous écriviez` : text;
}

let awayTimer = 0;
let wayBack = null; // the link out of a topic that went away
let last = ''; // what stays on screen whatever comes: the page is not this person's any more
function say(text, delay = 0) {
  if (last) text = last;
  clearTimeout(awayTimer);
  if (!text) { away.hidden = true; away.textContent = ''; return; }
  awayTimer = setTimeout(() => {
    away.hidden = false;
    away.textContent = text;
    if (last && wayBack) away.append(' ', wayBack);
  }, delay);
}

// -- fragments -----------------------------------------------------------------------------------------------------

const element = (html) => {
  const template = document.createElement('template');
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
};
const partial = Boolean(list) && 'fluxPartial' in list.dataset;
const typed = () => Boolean(composer?.querySelector('textarea')?.value.trim());
const writing = () => typed() || Boolean(composer?.contains(document.activeElement));
const kindOf = (id) => id.slice(0, id.lastIndexOf('-'));

// Swap a fragment for its newer self; whoever had the focus inside keeps it.
function swap(old, next) {
  const inside = old.contains(document.activeElement) ? document.activeElement : null;
  const path = inside && inside !== old ? [...old.querySelectorAll('a,button,input')].indexOf(inside) : -1;
  old.replaceWith(next);
  relative(next);
  if (next.matches('.topic-head')) tellClosed(next);
  if (inside) (path < 0 ? next : [...next.querySelectorAll('a,button,input')][path] || next).focus({ preventScroll: true });
}

// Closed while somebody writes: said beside their text, which stays.
const closedNote = document.querySelector('[data-flux-closed]');
function tellClosed(head) {
  if (!closedNote) return;
  const kept = typed() ? 'votre texte est gardé, mais on n’y répond plus.' : 'on n’y répond plus.';
  closedNote.textContent = head.querySelector('.topic-head__closed') ? `Cette discussion vient d’être close : ${kept}` : '';
}

// The last place of the list is in sight and nobody writes below it: what is appended pushes nothing away.
function endInSight() {
  const last = list.lastElementChild;
  return !writing() && (!last || last.getBoundingClientRect().bottom <= innerHeight);
}

function row(object) {
  const article = element(object.html);
  article.classList.add('post--new');
  relative(article);
  const made = document.createElement('div');
  made.className = 'row';
  made.dataset.row = object.id;
  const strip = document.createElement('div');
  strip.className = 'strip';
  strip.dataset.strip = object.id;
  made.append(article, strip);
  return made;
}

function insert(object) {
  const rows = [...list.querySelectorAll('[data-row]')]; // a line « Nouveau » may stand between them
  const after = rows.filter((one) => Number(one.querySelector('[data-n]').dataset.n) < object.n).pop();
  const made = row(object);
  if (after) after.after(made);
  else list.prepend(made);
  return made;
}

// `told` says that this is news (a delta), not a state that may hold what stands on other pages.
async function put(object, known, told) {
  if (object.far) {
    const query = new URLSearchParams({ s: known, id: object.id });
    const answer = await fetch(`/flux/objets/?${query}`, { cache: 'no-store' });
    if (answer.status === 404) return false; // gone meanwhile
    if (!answer.ok) throw new Error(String(answer.status));
    const found = (await answer.json()).up[0];
    if (!found) return false;
    Object.assign(object, found);
  }
  const old = document.getElementById(object.id);
  if (old) {
    if (Number(old.dataset.rev) < object.rev) swap(old, element(object.html));
    return true;
  }
  if (!list || kindOf(object.id) !== list.dataset.fluxList) return false;
  const isNew = !waiting.has(object.id);
  if (list.dataset.fluxOrder === 'latest') {
    if (!told || partial) return false;
    waiting.set(object.id, object);
  } else {
    const { fluxFrom, fluxTo } = list.dataset;
    if (object.n < Number(fluxFrom)) return false; // of an earlier page
    if (fluxTo && object.n > Number(fluxTo)) { // of a later one: news only if it is new
      if (!told || object.rev > 1) return false;
      waiting.set(object.id, object);
    } else {
      const last = Math.max(0, ...[...list.querySelectorAll('[data-n]')].map((one) => Number(one.dataset.n)));
      if (object.n < last || partial) { insert(object); return true; } // shown again, in its place among the others
      if (!waiting.size && endInSight()) insert(object);
      else waiting.set(object.id, object);
    }
  }
  if (isNew) fresh += 1;
  return true;
}

function remove(id) {
  waiting.delete(id);
  const old = document.getElementById(id);
  if (!old || !list) return;
  if (id.startsWith('topic-') && list.dataset.fluxList === 'post') return; // the head: its `bye` follows
  const gone = old.closest('[data-row]') || old;
  if (gone.contains(document.activeElement)) {
    const near = (gone.previousElementSibling || gone.nextElementSibling)?.querySelector('[tabindex]') || document.getElementById('contenu');
    near.focus({ preventScroll: true });
  }
  gone.remove();
}

// The page as the site would send it now, taken over fragment by fragment.
async function reread() {
  const answer = await fetch(location.href, { cache: 'no-store', headers: { Accept: 'text/html' } });
  if (answer.status === 404 || !list) return; // its `bye` follows
  if (!answer.ok) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const theirs = page.querySelector('[data-flux-list]');
  if (!theirs) return;
  const ids = new Set([...theirs.querySelectorAll('[data-rev]')].map((one) => one.id));
  for (const old of [...list.querySelectorAll('[data-rev]')]) if (!ids.has(old.id)) remove(old.id);
  for (const one of theirs.querySelectorAll('[data-rev]')) {
    await put({ id: one.id, rev: Number(one.dataset.rev), n: Number(one.dataset.n), html: one.outerHTML }, '', true);
  }
  for (const head of page.querySelectorAll('.topic-head[data-rev]')) {
    const old = document.getElementById(head.id);
    if (old && Number(old.dataset.rev) < Number(head.dataset.rev)) swap(old, head);
  }
  showPill();
}

// -- what depends on the person --------------------------------------------------------------------------------------

const stale = new Set();
let stripTimer = 0;
function askStrips(ids) {
  if (!who) return;
  ids.forEach((id) => stale.add(id));
  clearTimeout(stripTimer);
  stripTimer = setTimeout(async () => {
    const wanted = [...stale].filter((id) => document.querySelector(`[data-strip="${id}"]`)).slice(0, 100);
    stale.clear();
    if (!wanted.length) return;
    try {
      const answer = await fetch(`/me/?${new URLSearchParams(wanted.map((id) => ['id', id]))}`, { cache: 'no-store' });
      if (!answer.ok) return;
      const told = await answer.json();
      for (const id of wanted) {
        for (const strip of document.querySelectorAll(`[data-strip="${id}"]`)) {
          if (!strip.contains(document.activeElement)) strip.innerHTML = told.strips[id] || '';
        }
      }
    } catch { /* the next frame asks again */ }
  }, 150);
}

// -- frames ------------------------------------------------------------------------------------------------------------

const allIds = () => [...new Set([...document.querySelectorAll('[data-strip]')].map((one) => one.dataset.strip))];

// What was shown while somebody looks is read: said once per new number, so that the other tabs know.
const readForm = document.querySelector('[data-read]');
let readTo = list ? Math.max(0, ...[...list.querySelectorAll('[data-n]')].map((one) => Number(one.dataset.n))) : 0;
function markRead() {
  if (!readForm || document.hidden) return;
  const shown = Math.max(0, ...[...list.querySelectorAll('[data-n]')].map((one) => Number(one.dataset.n)));
  if (shown <= readTo) return;
  readTo = shown;
  const body = new FormData(readForm);
  body.append('number', shown);
  fetch(readForm.getAttribute('action'), { method: 'POST', body }).catch(() => { readTo = 0; });
}
document.addEventListener('visibilitychange', markRead);

// What could not be fetched is asked for again in a while, from the position before it.
let again = 0;
function retry(stream, before) {
  positions[stream] = before;
  again ||= setTimeout(() => { again = 0; line.say(); }, 3000 + Math.random() * 4000);
}
const ask = () => { if (!again) line.say(); };

async function take(frame) {
  if (frame.ep && frame.ep !== epoch) { // another past: nothing of what we hold counts
    epoch = frame.ep;
    for (const stream of Object.keys(positions)) positions[stream] = null;
    await reread().catch(() => {});
    line.say();
    return;
  }
  const stream = frame.s;
  if (frame.k === 'hb') {
    const gap = Object.entries(frame.pos).some(([s, pos]) => s in positions && positions[s] !== null && pos > positions[s]);
    if (gap) ask();
    return;
  }
  if (frame.k === 'me') {
    if (stream in positions) positions[stream] = Math.max(positions[stream] ?? 0, frame.to);
    askStrips(allIds());
    document.dispatchEvent(new CustomEvent('club:me'));
    return;
  }
  if (!(stream in positions)) return;
  if (frame.k === 'bye') { close(stream, frame); return; }
  if (frame.k === 'delta') {
    const before = positions[stream];
    if (before === null || frame.from > before) { ask(); return; }
    if (frame.to <= before) return;
    positions[stream] = frame.to;
    frame.del.forEach(remove);
    try { for (const object of frame.up) await put(object, stream, true); } catch { retry(stream, before); }
  } else if (frame.k === 'snap') {
    const before = positions[stream];
    positions[stream] = frame.pos;
    if (frame.whole) {
      const ids = new Set(frame.up.map((object) => object.id));
      if (list && frame.s.startsWith(ownStream())) {
        for (const old of [...list.querySelectorAll('[data-rev]')]) if (!ids.has(old.id)) remove(old.id);
        for (const id of [...waiting.keys()]) if (!ids.has(id)) waiting.delete(id);
      }
      try { for (const object of frame.up) await put(object, stream, false); } catch { retry(stream, null); }
    } else await reread().catch(() => retry(stream, before));
  } else return;
  askStrips((frame.up || []).map((object) => object.id));
  showPill();
  markRead();
  announce();
}

const ownStream = () => (list?.dataset.fluxList === 'post' ? 'topic:' : 'space:');

function close(stream, frame) {
  delete positions[stream];
  over.add(stream);
  if (!stream.startsWith(ownStream())) return;
  waiting.clear();
  showPill();
  list?.replaceChildren();
  document.querySelectorAll('.topic-head[data-rev]').forEach((one) => one.replaceChildren());
  const ofTopic = list?.dataset.fluxList === 'post';
  last = ofTopic ? 'Cette discussion n’est plus visible.' : frame.why || 'Cette page ne vous est plus ouverte.';
  if (ofTopic) leaveTopic();
  say(last);
}

// The topic's title and acts go with it; what was typed stays, to be read and copied.
function leaveTopic() {
  const crumbs = [...document.querySelectorAll('.fr-breadcrumb__link')];
  const above = crumbs.at(-2);
  if (closedNote) closedNote.textContent = '';
  if (above) crumbs.at(-1).closest('li').remove();
  document.title = document.title.replace(/^.*(?= — )/, 'Discussion');
  for (const one of document.querySelectorAll('.topic-acts, .go, [data-composer] .fr-btns-group, main .fr-pagination')) one.hidden = true;
  if (!above?.href) return;
  wayBack = document.createElement('a');
  [wayBack.href, wayBack.className, wayBack.textContent] = [above.href, 'fr-link', 'Revenir à l’espace'];
}

// One frame after the other: a long one that fetches is not overtaken by the next.
let queue = Promise.resolve();
const heard = (frame) => { queue = queue.then(() => take(frame)).catch(() => {}); };

function state(name, frame) {
  if (name === 'live' || name === 'polling') say('');
  else if (name === 'away') say('Connexion perdue. Ce que vous écrivez reste ici ; la page se remettra à jour toute seule.', 3000);
  else if (frame.code === 4526) {
    if (!typed()) location.reload();
    else say('Une nouvelle version du site est en ligne : cette page se rechargera après votre envoi.');
  } else if (frame.code !== 4509) {
    last = `${frame.why || 'La page ne se met plus à jour.'} Ce que vous avez écrit reste ici.`;
    say(last);
  }
}

pill?.addEventListener('click', async () => {
  if (partial && pill.dataset.fluxLast) { location.assign(pill.dataset.fluxLast); return; }
  if (list.dataset.fluxOrder === 'latest') { location.reload(); return; }
  const objects = [...waiting.values()].sort((a, b) => a.n - b.n);
  waiting.clear();
  showPill();
  const rows = objects.map(insert);
  askStrips(objects.map((object) => object.id));
  rows[0]?.querySelector('[tabindex]').focus();
  markRead();
});

relative(document);
setInterval(() => relative(document), 60000);
const line = join({ who, release, epoch, wants: () => ({ ...positions }), heard, state });
