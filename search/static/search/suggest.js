// ARIA combobox: titles while one types. Own searches stay in this browser.
const KEY = 'recherches';
const recent = () => { try { return JSON.parse(localStorage[KEY]); } catch { return []; } };
const keep = (list) => { try { localStorage[KEY] = JSON.stringify(list); } catch { /* full */ } };
const dress = (node, props, ...children) => {
  for (const name in props) node.setAttribute(name, props[name]);
  node.append(...children);
  return node;
};
const make = (tag, ...rest) => dress(document.createElement(tag), ...rest);

const enhance = (input, number) => {
  const form = input.form;
  const id = `choix-${number}`;
  const status = make('p', { class: 'fr-sr-only', role: 'status' });
  const list = make('ul', { id, role: 'listbox' });
  const forget = make('button', { type: 'button', class: 'fr-link' }, 'Effacer mes recherches');
  const panel = make('div', { class: 'club-suggestions__panel' }, list, forget);
  form.after(make('div', { class: 'club-suggestions' }, panel, status));
  dress(input, { role: 'combobox', 'aria-autocomplete': 'list', 'aria-controls': id });
  let active;
  let timer;
  let asking;

  const mark = (index) => {
    const { length } = list.children;
    active = index < -1 ? length - 1 : index < length ? index : -1;
    [...list.children].forEach((option, i) => option.setAttribute('aria-selected', i === active));
    list.children[active]?.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', list.children[active]?.id ?? '');
  };
  const show = (rows, own) => {
    list.setAttribute('aria-label', own ? 'Vos dernières recherches' : 'Propositions');
    list.replaceChildren(...rows.map(({ title, kind, choose }, i) => {
      const option = make('li', { id: `${id}-${i}`, role: 'option' }, title, make('small', {}, kind));
      option.onclick = choose;
      return option;
    }));
    mark(-1);
    forget.hidden = !own;
    panel.hidden = !rows.length;
    input.setAttribute('aria-expanded', !panel.hidden);
    status.textContent = rows[0] ? `${rows.length} proposition${rows[1] ? 's' : ''}` : '';
  };
  const close = () => {
    clearTimeout(timer);
    asking?.abort();
    show([]);
  };
  const own = () => show(recent().map((words) => ({
    title: words, kind: 'recherche récente', choose: () => { input.value = words; form.requestSubmit(); },
  })), true);
  const ask = async (words) => {
    asking = new AbortController();
    try {
      const answer = await fetch(`${form.action}suggestions/?q=${encodeURIComponent(words)}`, asking);
      const { results } = await answer.json();
      show(results.map((row) => ({ ...row, choose: () => location.assign(row.url) })));
    } catch { /* a newer one */ }
  };

  close();
  input.addEventListener('input', () => {
    const words = input.value.trim();
    clearTimeout(timer);
    asking?.abort();
    if (!words) own();
    else if (words[1]) timer = setTimeout(ask, 150, words);
    else close();
  });
  input.addEventListener('click', () => { if (!input.value) own(); });
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && !input.value && panel.hidden) own();
    if (panel.hidden) return;
    if (step) mark(active + step);
    else if (event.key === 'Enter' && active >= 0) list.children[active].click();
    else if (event.key === 'Escape') close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  panel.onmousedown = (event) => event.preventDefault();
  forget.onclick = () => { keep([]); close(); input.focus(); };
  input.onblur = forget.onblur = ({ relatedTarget: to }) => { if (![input, forget].includes(to)) close(); };
  form.addEventListener('submit', () => {
    const words = input.value.trim();
    if (words) keep([words, ...recent().filter((one) => one !== words)].slice(0, 5));
  });
};

const { action } = document.querySelector('#recherche') ?? {};
document.querySelectorAll('[role=search] [type=search][name=q]').forEach((input, number) => {
  if (input.form.action === action) enhance(input, number);
});
