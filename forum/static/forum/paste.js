// What is pasted from Word, LibreOffice, a mail or a page: its words and what the forum keeps of their form.

const LOST = 'Les images ne se collent pas dans le texte : elles s’ajoutent par « Joindre ».';
const TABLE = 'Le tableau est collé ligne par ligne.';
const LEVELS = { H1: 'h3', H2: 'h3', H5: 'h4', H6: 'h4' };

function renamed(old, tag) {
  const made = old.ownerDocument.createElement(tag);
  made.append(...old.childNodes);
  old.replaceWith(made);
  return made;
}

// Word's lists are paragraphs that say so in their style: « mso-list:l0 level2 lfo1 », with the bullet as text.
function wordLists(body) {
  const open = []; // the lists being made, one per level
  let last = null;
  for (const line of [...body.querySelectorAll('p, h1, h2, h3, h4, h5, h6')]) {
    const told = /mso-list:\s*l\d+\s+level(\d)/i.exec(line.getAttribute('data-style') || '');
    if (!told) continue;
    const sign = line.querySelector('[data-style*="mso-list:Ignore"], [data-style*="mso-list: Ignore"]');
    const ordered = /^\s*[\da-z]+[.)]/i.test(sign ? sign.textContent : line.textContent);
    sign?.remove();
    const level = Math.min(Number(told[1]), open.length + 1);
    if (line.previousElementSibling !== last || !last) open.length = 0;
    open.length = Math.min(open.length, level);
    const item = body.ownerDocument.createElement('li');
    if (open.length < level || !open.length) {
      const list = body.ownerDocument.createElement(ordered ? 'ol' : 'ul');
      const parent = open.at(-1)?.lastElementChild;
      if (parent) parent.append(list);
      else { line.before(list); last = list; }
      open.push(list);
    }
    const text = body.ownerDocument.createElement('p');
    text.append(...line.childNodes);
    item.append(text);
    open.at(-1).append(item);
    line.remove();
  }
}

// What looks bold or slanted by its style only (mail programs, shared documents).
function styled(body) {
  for (const one of body.querySelectorAll('span[data-style], font[data-style]')) {
    const style = one.getAttribute('data-style');
    if (/font-weight:\s*(bold|[6-9]00)/i.test(style)) renamed(one, 'strong');
    else if (/font-style:\s*italic/i.test(style)) renamed(one, 'em');
  }
  for (const one of body.querySelectorAll('b[data-style]')) { // a shared document wraps all that is copied in one
    if (/(^|;)\s*font-weight:\s*(normal|400)/i.test(one.getAttribute('data-style'))) one.replaceWith(...one.childNodes);
  }
}

// Styles are read, never applied: the policy of the page refuses them, and says so for each.
const inert = (html) => html
  .replace(/<style[\s\S]*?<\/style>|<!\[(if|endif)[^>]*\]>|<\/?o:p>/gi, '')
  .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, ' data-style=').replace(/\son[a-z]+\s*=/gi, ' data-on='));

export function fromClipboard(html) {
  const { body } = new DOMParser().parseFromString(inert(html), 'text/html');
  const pictures = body.querySelector('img, svg, picture, video, object');
  const table = body.querySelector('table');
  body.querySelectorAll('script, style, meta, link, title, img, svg, picture, video, audio, object, iframe, xml, [data-style*="display:none"]').forEach((one) => one.remove());
  wordLists(body);
  styled(body);
  for (const one of body.querySelectorAll('h1, h2, h5, h6')) renamed(one, LEVELS[one.tagName]);
  for (const one of body.querySelectorAll('tr')) {
    const line = body.ownerDocument.createElement('p');
    [...one.cells].forEach((cell, index) => line.append(index ? ' ; ' : '', cell.textContent.trim()));
    one.replaceWith(line);
  }
  for (const one of body.querySelectorAll('table, thead, tbody, tfoot, caption')) one.replaceWith(...one.childNodes);
  for (const one of body.querySelectorAll('p')) if (!one.textContent.trim()) one.remove();
  return { html: body.innerHTML, said: [pictures ? LOST : '', table ? TABLE : ''].filter(Boolean).join(' ') };
}
