// While somebody writes: a draft on the server, a copy in this tab, a preview, the editor in the place of the text areas
// from the first focus on. The form works without any of it.

for (const form of document.querySelectorAll('form[data-draft]')) compose(form);

function compose(form) {
  const status = form.querySelector('[data-draft-status]');
  const named = () => [...form.elements].filter((one) => one.name && one.type !== 'hidden' && one.type !== 'submit');
  const { operation, format } = form.elements;
  const place = `club-draft:${document.querySelector('[data-flux]')?.dataset.who}:${location.pathname}`;
  const say = (text) => { if (status.textContent !== text) status.textContent = text; };

  // -- what is typed, as text ------------------------------------------------------------------------------------------
  const typed = () => {
    const fields = {};
    for (const one of named()) {
      if (one.type === 'checkbox') { if (one.checked) (fields[one.name] ||= []).push(one.value); } else if (one.value.trim()) fields[one.name] = one.value;
    }
    if (format?.value === 'html') fields.format = 'html';
    return fields;
  };
  const written = () => named().some((one) => one.tagName === 'TEXTAREA' || one.name === 'title' ? one.value.trim() : false);
  const fill = (fields) => {
    for (const one of named()) {
      if (one.type === 'checkbox') one.checked = (fields[one.name] || []).includes(one.value);
      else if (fields[one.name] !== undefined) one.value = fields[one.name];
    }
  };

  // -- on the server: two seconds after the last key, one saving after the other ----------------------------------------
  let sequence = Number(form.dataset.sequence);
  let saved = JSON.stringify(typed());
  let timer = 0;
  let saving = null;
  let over = false; // another page is ahead: nothing more is saved from here
  let at = ''; // when it was saved last
  const body = () => {
    const data = new FormData(form);
    data.delete('operation');
    data.set('target', form.dataset.draft);
    data.set('sequence', sequence);
    return data;
  };

  // Files chosen here stand on the server or in this page, never in a draft.
  const files = () => Boolean(form.querySelector('[data-files] [data-file-remove]')) || [...form.querySelectorAll('input[type=file]')].some((one) => one.files.length);
  const tell = () => { if (at) say(written() ? `Brouillon enregistré à ${at}${files() ? ' (sans les fichiers joints)' : ''}` : ''); };
  for (const one of form.querySelectorAll('[data-files-list]')) new MutationObserver(tell).observe(one, { childList: true });

  async function save() {
    const now = JSON.stringify(typed());
    if (sentFrom === null) store();
    if (over || sentFrom !== null || now === saved || saving) return;
    saving = fetch(form.dataset.draftAddress, { method: 'POST', body: body() });
    try {
      const answer = await saving;
      if (answer.ok || answer.status === 409) {
        const told = await answer.json();
        if (answer.status === 409) {
          over = true;
          say(`Un brouillon plus récent, de ${told.at}, a été enregistré dans une autre page. Ce que vous écrivez ici reste ici : rechargez la page pour retrouver l’autre.`);
        } else {
          [sequence, saved] = [told.sequence, now];
          at = told.at;
          tell();
          if (sentFrom === null) store();
        }
      } else say('Brouillon gardé dans cet onglet seulement : vous n’êtes plus connecté, ou cette discussion ne vous est plus ouverte.');
    } catch { say('Brouillon gardé dans cet onglet : le site ne répond pas.'); }
    saving = null;
    if (JSON.stringify(typed()) !== saved) plan();
  }
  function plan() {
    if (sentFrom !== null && Date.now() - sentAt > 10000) sentFrom = null; // the sending was stopped: this goes on
    clearTimeout(timer);
    timer = setTimeout(save, 2000);
  }
  form.addEventListener('input', plan);
  form.addEventListener('change', plan);

  // -- in this tab: left and found again, under the operation id it had: sent twice, it is published once ----------------
  let sentFrom = null; // the fragment of the address at the moment of sending: that of the new message follows it
  let sentAt = 0;
  function store() {
    try {
      const kept = { fields: typed(), operation: operation?.value, sentFrom, sequence, cursor: cursor() };
      if (written()) sessionStorage.setItem(place, JSON.stringify(kept));
      else sessionStorage.removeItem(place);
    } catch { /* a browser that stores nothing */ }
  }
  const forget = () => { try { sessionStorage.removeItem(place); } catch { /* as above */ } };
  function keep() {
    store();
    if (!over && sentFrom === null && JSON.stringify(typed()) !== saved) {
      fetch(form.dataset.draftAddress, { method: 'POST', body: body(), keepalive: true }).catch(() => {});
    }
  }
  const cursor = () => {
    const one = document.activeElement;
    return form.contains(one) && one.selectionStart !== undefined ? [one.name, one.selectionStart] : null;
  };
  // What the editor wrote comes back as Markdown: the text area serves until the editor is there again.
  async function legible(fields) {
    const areas = [...form.querySelectorAll('textarea[data-rich]')].filter((area) => fields[area.name]);
    areas.forEach((area) => { area.readOnly = true; });
    const texts = {};
    try {
      for (const area of areas) {
        const data = new FormData();
        data.set('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value);
        data.set('source', fields[area.name]);
        data.set('format', 'html');
        data.set('as', 'markdown');
        const answer = await fetch(form.dataset.previewAddress, { method: 'POST', body: data, signal: AbortSignal.timeout(4000) });
        if (!answer.ok) throw new Error(String(answer.status));
        texts[area.name] = await answer.text();
      }
      return { ...fields, ...texts, format: 'markdown' };
    } catch { return fields; } finally { areas.forEach((area) => { area.readOnly = false; }); }
  }
  // Publishing empties the draft and moves its sequence on: what was sent from an older one, with no draft there now, is out.
  const publishedIn = (dataset, since) => !('draftKept' in dataset) && Number(dataset.sequence) > since;
  const isReply = form.dataset.draft.startsWith('topic:');
  async function putBack() {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(place)); } catch { /* as above */ }
    if (!kept) return;
    // a reply sent twice is published once and leads to its place: its text is shown again where no answer came
    if (kept.sentFrom !== null && publishedIn(form.dataset, kept.sequence) && (!isReply || written())) { forget(); return; }
    const published = kept.sentFrom !== null && kept.sentFrom !== location.hash && location.hash.startsWith('#post-');
    // what the server has is newer where another page saved since; a form that came back with its errors has it all
    if (published || kept.sequence < sequence - 1 || document.querySelector('[data-error-summary]')) return;
    const fields = kept.fields.format === 'html' ? await legible(kept.fields) : kept.fields;
    fill(fields);
    if (format) format.value = fields.format || 'markdown';
    if (operation && !form.elements.revision) operation.value = kept.operation; // an edit is told by its revision
    if (kept.cursor) form.elements[kept.cursor[0]]?.setSelectionRange?.(kept.cursor[1], kept.cursor[1]);
    if (JSON.stringify(typed()) !== saved) plan();
  }
  form.autocomplete = 'off'; // the browser's own memory of a page would bring back what was published
  const puttingBack = operation ? putBack() : null;
  addEventListener('submit', (event) => { // on its way up: files still leaving have stopped it before
    if (event.target !== form || event.defaultPrevented) return;
    [sentFrom, sentAt] = [location.hash, Date.now()];
    clearTimeout(timer);
  });
  addEventListener('pagehide', keep);
  // Shown again as it was left: published meanwhile, the form begins anew; where the sending failed it goes on.
  addEventListener('pageshow', async (event) => {
    if (!event.persisted || sentFrom === null) return;
    try {
      const answer = await fetch(location.href, { cache: 'no-store', headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const theirs = page.querySelector(`form[data-draft="${form.dataset.draft}"]`);
      if (theirs && publishedIn(theirs.dataset, sequence)) {
        forget();
        removeEventListener('pagehide', keep);
        location.replace(location.pathname + location.search);
        return;
      }
    } catch { /* no network: what is typed stays */ }
    sentFrom = null;
  });

  // What stands on the page was seen: the site does not say again that it came.
  const seen = form.elements.last_seen;
  form.addEventListener('submit', () => {
    const shown = [...document.querySelectorAll('[data-flux-list="post"] [data-n]')].map((one) => Number(one.dataset.n));
    if (seen) seen.value = Math.max(Number(seen.value), ...shown);
  });

  // -- the preview, in place ---------------------------------------------------------------------------------------------
  const shown = form.querySelector('[data-preview]');
  form.querySelector('[name=preview]')?.addEventListener('click', async (event) => {
    event.preventDefault();
    let html = '';
    try {
      const answer = await fetch(form.dataset.previewAddress, { method: 'POST', body: new FormData(form) });
      if (!answer.ok) throw new Error(String(answer.status));
      html = await answer.text();
    } catch {
      say('L’aperçu n’a pas pu être montré : le site ne répond pas, ou vous n’êtes plus connecté. Votre texte reste ici.');
      return;
    }
    shown.replaceChildren();
    const title = document.createElement('h3');
    [title.className, title.textContent, title.tabIndex] = ['fr-h6', 'Aperçu', -1];
    const text = document.createElement('div');
    text.className = 'post__text';
    text.innerHTML = html || '<p>Rien à montrer pour l’instant.</p>';
    shown.append(title, text);
    shown.className = 'preview';
    shown.hidden = false;
    title.focus();
  });

  // -- the editor, at the first focus; where it cannot be fetched, the text area goes on ------------------------------------
  let opening = false;
  async function edit(event) {
    if (opening || !event.target.matches?.('textarea[data-rich]') || navigator.connection?.saveData) return;
    opening = true;
    try {
      await puttingBack;
      const { open } = await import(form.dataset.editor);
      await open(form, (exchange) => {
        const clean = JSON.stringify(typed()) === saved;
        exchange();
        if (clean) saved = JSON.stringify(typed());
      });
    } catch { opening = false; }
  }
  form.addEventListener('focusin', edit);
  if (form.contains(document.activeElement)) edit({ target: document.activeElement });
}
