// Collectivités suggested while the organisation is typed (ARIA combobox). Without it the form offers choices.
const input = document.querySelector('input[name="organisation"]');
if (input) {
  const box = document.createElement('div');
  box.className = 'club-suggestions';
  const list = document.createElement('ul');
  list.id = 'organisations-proposees';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', 'Organisations proposées');
  list.hidden = true;
  const status = document.createElement('p');
  status.className = 'fr-sr-only';
  status.setAttribute('role', 'status');
  input.after(box);
  box.append(list, status);
  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', list.id);
  input.setAttribute('aria-expanded', 'false');

  // The key of the one chosen goes with the name, so that the server need not ask again which one it is.
  const form = input.form;
  const setKey = (key) => {
    let field = form.querySelector('input[type="hidden"][name="organisation_key"]');
    if (!field) { // the page came back with choices: what is typed now replaces them
      field = document.createElement('input');
      field.type = 'hidden';
      field.name = 'organisation_key';
      form.querySelector('input[name="organisation_key"]')?.closest('fieldset').replaceWith(field);
    }
    field.value = key;
  };

  let active = -1;
  let asked = 0;
  let timer = 0;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const mark = (index) => {
    const options = [...list.children];
    if (!options.length) return;
    active = (index + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute('aria-selected', String(i === active)));
    input.setAttribute('aria-activedescendant', options[active].id);
    options[active].scrollIntoView({ block: 'nearest' });
  };
  const choose = (option) => { input.value = option.dataset.name; setKey(option.dataset.key); close(); };

  const show = (found) => {
    list.replaceChildren(...found.map((unit, i) => {
      const option = document.createElement('li');
      option.id = `organisation-${i}`;
      option.setAttribute('role', 'option');
      option.setAttribute('aria-selected', 'false');
      option.dataset.name = unit.name;
      option.dataset.key = unit.key;
      const detail = document.createElement('small');
      detail.textContent = unit.detail;
      option.append(unit.name, detail);
      option.addEventListener('mousedown', (event) => { event.preventDefault(); choose(option); });
      return option;
    }));
    list.hidden = !found.length;
    input.setAttribute('aria-expanded', String(found.length > 0));
    status.textContent = found.length > 1 ? `${found.length} propositions` : found.length ? '1 proposition' : '';
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    setKey('');
    const text = input.value.trim();
    if (text.length < 2) { close(); return; }
    timer = setTimeout(async () => {
      const mine = ++asked;
      try {
        const answer = await fetch(`/membres/organisations/?q=${encodeURIComponent(text)}`, { headers: { Accept: 'application/json' } });
        if (answer.ok && mine === asked) show((await answer.json()).results);
      } catch { close(); }
    }, 150);
  });
  input.addEventListener('keydown', (event) => {
    if (list.hidden) return;
    if (event.key === 'ArrowDown') { event.preventDefault(); mark(active + 1); }
    else if (event.key === 'ArrowUp') { event.preventDefault(); mark(active - 1); }
    else if (event.key === 'Enter' && active >= 0) { event.preventDefault(); choose(list.children[active]); }
    else if (event.key === 'Escape') close();
  });
  input.addEventListener('blur', close);
}
