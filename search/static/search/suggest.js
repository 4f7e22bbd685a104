// Titles proposed while one types in a search box (ARIA combobox with a listbox). Own searches stay in this browser.
const KEY = 'recherches';
const recent = () => { try { return JSON.parse(localStorage.getItem(KEY)) || []; } catch { return []; } };
const keep = (list) => { try { localStorage.setItem(KEY, JSON.stringify(list)); } catch { /* closed to us */ } };
const make = (tag, props, ...children) => {
  const node = Object.assign(document.createElement(tag), props);
  node.append(...children);
  return node;
};

const enhance = (input, number) => {
  const form = input.form;
  const status = make('p', { className: 'fr-sr-only', role: 'status' });
  const list = make('ul', { id: `propositions-${number}`, role: 'listbox', ariaLabel: 'Propositions' });
  const forget = make('button', { type: 'button', className: 'fr-link fr-link--sm' }, 'Effacer mes recherches');
  const panel = make('div', { className: 'club-suggestions__panel', hidden: true }, list, forget);
  form.after(make('div', { className: 'club-suggestions' }, panel, status));
  for (const [name, value] of Object.entries({
    role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': list.id, 'aria-expanded': 'false',
  })) input.setAttribute(name, value);
  let active = -1;
  let timer;
  let asking;

  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    panel.hidden = true;
    active = -1;
    status.textContent = '';
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const mark = (index) => {
    const options = [...list.children];
    active = index < -1 ? options.length - 1 : index >= options.length ? -1 : index;
    options.forEach((option, i) => option.setAttribute('aria-selected', String(i === active)));
    if (active < 0) return input.removeAttribute('aria-activedescendant');
    input.setAttribute('aria-activedescendant', options[active].id);
    options[active].scrollIntoView({ block: 'nearest' });
  };
  const show = (rows, own) => {
    if (!rows.length) return close();
    list.ariaLabel = own ? 'Vos dernières recherches' : 'Propositions';
    list.replaceChildren(...rows.map((row, i) => {
      const option = make('li', { id: `proposition-${number}-${i}`, role: 'option', ariaSelected: 'false' },
        row.title, make('small', {}, row.kind));
      option.addEventListener('click', row.choose);
      return option;
    }));
    forget.hidden = !own;
    active = -1;
    input.removeAttribute('aria-activedescendant');
    panel.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    status.textContent = rows.length > 1 ? `${rows.length} propositions` : '1 proposition';
  };
  const own = () => show(recent().map((words) => ({
    title: words, kind: 'recherche récente', choose: () => { input.value = words; form.requestSubmit(); },
  })), true);
  const ask = async (words) => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.action}suggestions/?q=${encodeURIComponent(words)}`, { signal: asking.signal });
      const { results } = await answer.json();
      if (input.value.trim() === words && document.activeElement === input) {
        show(results.map((row) => ({ ...row, choose: () => location.assign(row.url) })), false);
      }
    } catch (error) { if (error.name !== 'AbortError') close(); }
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    const words = input.value.trim();
    if (!words) own();
    else if (words.length < 2) close();
    else timer = setTimeout(ask, 150, words);
  });
  input.addEventListener('click', () => { if (!input.value && panel.hidden) own(); });
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && panel.hidden && !input.value) own();
    if (panel.hidden) return;
    if (step) mark(active + step);
    else if (event.key === 'Escape') { close(); event.stopPropagation(); }
    else if (event.key === 'Enter' && active >= 0) list.children[active].click();
    else return;
    event.preventDefault();
  });
  panel.addEventListener('mousedown', (event) => event.preventDefault());
  forget.addEventListener('click', () => { keep([]); close(); input.focus(); });
  for (const node of [input, forget]) {
    node.addEventListener('blur', ({ relatedTarget }) => { if (relatedTarget !== forget && relatedTarget !== input) close(); });
  }
  form.addEventListener('submit', () => {
    const words = input.value.trim();
    if (words) keep([words, ...recent().filter((one) => one !== words)].slice(0, 5));
  });
};

const bar = document.querySelector('#recherche');
document.querySelectorAll('form[role=search] input[type=search][name=q]').forEach((input, number) => {
  if (bar && input.form.action === bar.action) enhance(input, number);
});
