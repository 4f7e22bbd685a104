// Files leave as soon as they are chosen; without this module the form carries them itself.
const enhance = (box) => {
  const find = (name) => box.querySelector(`[data-files-${name}]`);
  const list = find('list');
  const status = find('status');
  const picker = find('picker');
  const input = picker.querySelector('input');
  const token = box.closest('form').querySelector('[name=csrfmiddlewaretoken]').value;
  let sending = 0;

  const say = (text) => { status.textContent = text; };
  const count = () => list.querySelectorAll('input[type=hidden]').length + sending;
  const post = (address, body, progress, done) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.setRequestHeader('X-CSRFToken', token);
    request.responseType = 'json';
    request.upload.onprogress = progress;
    request.onloadend = () => done(request.status, request.response);
    request.send(body);
    return request;
  };
  const ready = (row) => {
    row.querySelector('[data-file-drop]')?.remove();
    row.querySelector('button').addEventListener('click', () => {
      if (row.dataset.fileRemove) post(row.dataset.fileRemove, null, null, () => {});
      const name = row.querySelector('[data-file-name]').textContent;
      row.remove();
      say(`${name} : retiré`);
      input.focus();
    });
  };
  const line = (text, error) => {
    const row = document.createElement('li');
    row.className = 'club-files__row';
    const words = document.createElement('p');
    words.className = error ? 'fr-message fr-message--error' : 'club-files__name';
    words.textContent = text;
    row.append(words);
    list.append(row);
    return row;
  };

  const received = (file, place) => {
    place.insertAdjacentHTML('beforebegin', box.querySelector('template').innerHTML.replaceAll('__id__', file.id));
    const row = place.previousElementSibling;
    place.remove();
    row.dataset.fileRemove = file.remove;
    for (const name of row.querySelectorAll('[data-file-name]')) name.textContent = file.name;
    row.querySelector('[data-file-about]').textContent = `(${file.label}, ${file.weight})`;
    if (file.kind === 'picture') row.querySelector('img').src = file.thumbnail;
    else for (const part of row.querySelectorAll('img, [data-file-described]')) part.remove();
    ready(row);
    say(file.kind === 'picture' ? `${file.name} est joint : décrivez l’image.` : `${file.name} est joint.`);
  };
  const send = (file) => {
    if (count() >= 5) { say('Cinq fichiers au plus.'); line(`${file.name} : cinq fichiers au plus.`, true); return; }
    const row = line(`${file.name} : envoi en cours`);
    const bar = document.createElement('progress');
    bar.setAttribute('aria-label', `Envoi de ${file.name}`);
    bar.max = 1;
    row.append(bar);
    const body = new FormData();
    body.append('file', file);
    sending += 1;
    post(box.dataset.filesSend, body, (event) => { bar.value = event.loaded / event.total; }, (code, answer) => {
      sending -= 1;
      if (code === 201) { received(answer, row); return; }
      row.remove();
      const away = code === 413 ? 'ce fichier est trop lourd.' : 'l’envoi n’a pas abouti, essayez de nouveau.';
      const text = `${file.name} : ${answer?.error || away}`;
      line(text, true);
      say(text);
    });
  };

  for (const row of list.children) ready(row);
  find('plain').remove();
  picker.hidden = false;
  input.addEventListener('change', () => {
    for (const old of list.querySelectorAll(':scope > li > .fr-message--error')) old.parentElement.remove();
    for (const file of input.files) send(file);
    input.value = '';
  });
  box.closest('form').addEventListener('submit', (event) => {
    if (!sending) return;
    event.preventDefault();
    event.stopPropagation();
    say('Attendez la fin de l’envoi des fichiers.');
  });
};
for (const box of document.querySelectorAll('[data-files]')) enhance(box);
