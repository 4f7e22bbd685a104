// The editor of messages, fetched at the first focus: it opens in the place of the form's text areas and writes into
// them, so that drafts, preview and sending go on reading the text areas. Its sheet is ours: nothing is added to <head>.

import {
  Blockquote, Bold, BulletList, Code, CodeBlock, Document, Editor, HardBreak, Heading, History, Italic, ListItem, Mark,
  OrderedList, Paragraph, Text,
} from '../django_prose_editor/editor.js';
import { fromClipboard } from './paste.js';

const SAFE = /^(https?:\/\/|mailto:|\/(?!\/))/i;
const Link = Mark.create({
  name: 'link',
  inclusive: false,
  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [{ tag: 'a[href]', getAttrs: (one) => SAFE.test(one.getAttribute('href')) && null }],
  renderHTML: ({ HTMLAttributes: { href } }) => ['a', { href }, 0],
});
// Tab leaves the editor, in a list too.
const Item = ListItem.extend({
  addKeyboardShortcuts() { return { Enter: () => this.editor.commands.splitListItem(this.name) }; },
});
const EXTENSIONS = [
  Document, Paragraph, Text, Bold, Italic, BulletList, OrderedList, Item, Blockquote, Code, CodeBlock, HardBreak,
  History, Link, Heading.configure({ levels: [3, 4] }),
];

const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};
const apple = /Mac|iP(hone|ad|od)/.test(navigator.platform);
const keys = (letters) => (apple ? letters.replace('Ctrl+', '⌘') : letters);

// -- opening -----------------------------------------------------------------------------------------------------------

const areasOf = (form) => [...form.querySelectorAll('textarea[data-rich]')];

// Words without any sign of Markdown are taken as they stand, to the last space; the rest is read by the site.
const bare = (text) => !/[\\`*_[\]<>#&~=+]|^\s*[-\d]|\n {4}|\t/m.test(text);
const paragraphs = (text) => text.split(/\n{2,}/).map((part) => {
  const made = element('p');
  part.split('\n').forEach((line, index) => made.append(...(index ? [element('br')] : []), line));
  return made.outerHTML;
}).join('');

async function htmlOf(form, text) {
  if (form.elements.format.value === 'html') return text;
  if (bare(text)) return text && paragraphs(text);
  const data = new FormData();
  data.set('csrfmiddlewaretoken', form.elements.csrfmiddlewaretoken.value);
  data.set('source', text);
  data.set('as', 'html');
  const answer = await fetch(form.dataset.previewAddress, { method: 'POST', body: data });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.text();
}

// Nobody is typing: no key for a moment, no accent or word half made.
function pause(form) {
  return new Promise((done) => {
    let composing = false;
    let timer = 0;
    const wait = () => { clearTimeout(timer); if (!composing) timer = setTimeout(end, 350); };
    const begun = () => { composing = true; wait(); };
    const ended = () => { composing = false; wait(); };
    const heard = [['input', wait], ['compositionstart', begun], ['compositionend', ended]];
    const end = () => { heard.forEach(([name, what]) => form.removeEventListener(name, what)); done(); };
    heard.forEach(([name, what]) => form.addEventListener(name, what));
    timer = setTimeout(end, 50);
  });
}

// `turn` does the exchange for the composer, which knows whether something typed is still to be saved.
export async function open(form, turn) {
  const areas = areasOf(form);
  for (let attempt = 0; attempt < 50; attempt += 1) {
    await pause(form);
    const texts = areas.map((area) => area.value);
    const html = await Promise.all(texts.map((text) => htmlOf(form, text)));
    if (areas.some((area, index) => area.value !== texts[index])) continue; // typed meanwhile
    turn(() => {
      areas.forEach((area, index) => mount(form, area, html[index]));
      form.elements.format.value = 'html';
      areas.forEach((area) => area.editorOf.write());
      const focused = areas.find((area) => area.editorOf.hadFocus);
      focused?.editorOf.focus();
    });
    return;
  }
}

// The caret stands after as many letters as before; at the end where it was at the end.
function placeOf(doc, area) {
  const until = area.selectionEnd;
  const { value } = area;
  if (!value.slice(until).trim() && !/\s$/.test(value.slice(0, until))) return 'end';
  if (until === value.length) return 'end';
  const counted = bare(value) ? /[^\n]/u : /[\p{L}\p{N}]/u;
  let left = [...value.slice(0, until)].filter((sign) => counted.test(sign)).length;
  if (!left) return 'start';
  let found = null;
  doc.descendants((node, pos) => {
    if (found !== null || !node.isText) return found === null;
    for (let index = 0; index < node.text.length; index += 1) {
      if (counted.test(node.text[index])) left -= 1;
      if (!left) { found = pos + index + 1; return false; }
    }
    return true;
  });
  return found ?? 'end';
}

// -- one text area -------------------------------------------------------------------------------------------------------

function mount(form, area, html) {
  const { id } = area;
  const label = form.querySelector(`label[for="${id}"]`);
  const name = [...label.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join('').trim();
  const hadFocus = document.activeElement === area;
  const height = area.offsetHeight;
  const told = element('p', { class: 'editor__told', role: 'status' });
  const place = element('div', { class: 'editor__place' });
  const box = element('div', { class: 'editor' });
  const attributes = {
    id, class: 'editor__text post__text', role: 'textbox', 'aria-multiline': 'true', 'aria-label': name, spellcheck: 'true', tabindex: '0',
  };
  for (const one of ['aria-describedby', 'aria-invalid']) if (area.hasAttribute(one)) attributes[one] = area.getAttribute(one);
  if (area.required) attributes['aria-required'] = 'true';

  area.id = `${id}-texte`; // the id goes with what one writes in: links of the summary of errors lead there
  const editor = new Editor({
    element: place,
    extensions: EXTENSIONS,
    content: html,
    injectCSS: false,
    parseOptions: { preserveWhitespace: html.includes('\n') ? false : 'full' },
    editorProps: {
      attributes,
      transformPastedHTML: (pasted) => {
        const { html: kept, said } = fromClipboard(pasted);
        told.textContent = said;
        return kept;
      },
      handleKeyDown: () => { told.textContent = ''; return false; },
      handlePaste: (view, event) => {
        const files = [...event.clipboardData.files];
        if (!files.length || event.clipboardData.types.includes('text/html') || event.clipboardData.getData('text/plain')) return false;
        told.textContent = PICTURES;
        return true;
      },
      handleDrop: (view, event) => {
        if (!event.dataTransfer?.files.length) return false;
        event.preventDefault();
        told.textContent = PICTURES;
        return true;
      },
    },
    onUpdate: () => { write(); area.dispatchEvent(new Event('input', { bubbles: true })); },
    onTransaction: () => bar.show(),
  });
  const bar = toolbar(editor, id);
  box.append(bar.element, bar.panel, place, told);
  box.style.minHeight = `${height}px`; // nothing below it moves
  area.before(box);
  area.hidden = true;

  const write = () => { area.value = editor.isEmpty ? '' : editor.getHTML(); };
  label.addEventListener('click', () => editor.commands.focus());
  place.addEventListener('mousedown', (event) => { if (event.target === place) { event.preventDefault(); editor.commands.focus('end'); } });
  area.editorOf = { hadFocus, write, focus: () => editor.commands.focus(at, { scrollIntoView: false }) };
  const at = placeOf(editor.state.doc, area);
  bar.show();
}

const PICTURES = 'Les images et les fichiers ne se collent pas dans le texte : ils s’ajoutent par « Joindre ».';

// -- its toolbar ---------------------------------------------------------------------------------------------------------

const ACTS = [
  ['Gras', 'G', 'Ctrl+B', 'bold', (chain) => chain.toggleBold()],
  ['Italique', 'I', 'Ctrl+I', 'italic', (chain) => chain.toggleItalic()],
  ['Intertitre', 'T', '', 'heading', (chain) => chain.toggleHeading({ level: 3 })],
  ['Liste', '•', '', 'bulletList', (chain) => chain.toggleBulletList()],
  ['Liste numérotée', '1.', '', 'orderedList', (chain) => chain.toggleOrderedList()],
  ['Citation', '«\u00a0»', '', 'blockquote', (chain) => chain.toggleBlockquote()],
  ['Lien', 'Lien', 'Ctrl+K', 'link', null],
];

function toolbar(editor, id) {
  const bar = element('div', { class: 'editor__bar', role: 'toolbar', 'aria-label': 'Mise en forme', 'aria-controls': id });
  const link = linkPanel(editor, id);
  const buttons = ACTS.map(([label, sign, shortcut, name, act], index) => {
    const title = shortcut ? `${label} (${keys(shortcut)})` : label;
    const button = element('button', {
      type: 'button', class: `editor__act editor__act--${name}`, title, 'aria-label': label, 'aria-pressed': 'false', tabindex: index ? '-1' : '0',
    }, sign);
    if (shortcut) button.setAttribute('aria-keyshortcuts', shortcut.replace('Ctrl', apple ? 'Meta' : 'Control'));
    button.addEventListener('mousedown', (event) => event.preventDefault()); // the selection and the keyboard of a phone stay
    button.addEventListener('click', (event) => {
      if (!act) { link.open(); return; }
      const chain = event.detail ? editor.chain().focus() : editor.chain(); // by the keyboard one stays in the toolbar
      act(chain).run();
      bar.show();
    });
    bar.append(button);
    return button;
  });
  const go = (to) => {
    buttons.forEach((one, index) => { one.tabIndex = index === to ? 0 : -1; });
    buttons[to].focus();
  };
  bar.addEventListener('keydown', (event) => {
    const from = buttons.indexOf(document.activeElement);
    const last = buttons.length - 1;
    const to = { ArrowRight: from === last ? 0 : from + 1, ArrowLeft: from ? from - 1 : last, Home: 0, End: last }[event.key];
    if (event.key === 'Escape') editor.commands.focus();
    else if (to === undefined || from < 0) return;
    else go(to);
    event.preventDefault();
  });
  bar.addEventListener('focusin', (event) => {
    buttons.forEach((one) => { one.tabIndex = one === event.target ? 0 : -1; });
  });
  editor.view.dom.addEventListener('keydown', (event) => {
    if ((apple ? event.metaKey : event.ctrlKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      setTimeout(link.open); // once what was selected by the key before is known
    }
  });
  bar.show = () => buttons.forEach((button, index) => {
    const name = ACTS[index][3];
    const pressed = String(editor.isActive(name));
    if (button.getAttribute('aria-pressed') !== pressed) button.setAttribute('aria-pressed', pressed);
  });
  return { element: bar, panel: link.element, show: bar.show };
}

function linkPanel(editor, id) {
  const input = element('input', { class: 'fr-input', type: 'text', inputmode: 'url', autocomplete: 'off', id: `${id}-lien`, 'aria-describedby': `${id}-lien-erreur` });
  const error = element('p', { class: 'fr-message fr-message--error', id: `${id}-lien-erreur`, role: 'alert' });
  const action = (text, kind, act) => {
    const made = element('button', { type: 'button', class: `fr-btn fr-btn--sm ${kind}` }, text);
    made.addEventListener('click', act);
    return made;
  };
  const close = () => { panel.hidden = true; editor.commands.focus(); };
  const remove = () => { editor.chain().extendMarkRange('link').unsetMark('link').run(); close(); };
  const set = () => {
    const href = addressOf(input.value.trim());
    if (!href) {
      error.textContent = 'Indiquez une adresse, par exemple www.ecologie.gouv.fr ou nom@commune.fr.';
      input.setAttribute('aria-invalid', 'true');
      input.focus();
      return;
    }
    const chain = editor.chain().extendMarkRange('link');
    if (editor.state.selection.empty && !editor.isActive('link')) {
      chain.insertContent([{ type: 'text', text: input.value.trim(), marks: [{ type: 'link', attrs: { href } }] }, { type: 'text', text: ' ' }]).run();
    } else chain.setMark('link', { href }).setTextSelection(editor.state.selection.to).run();
    close();
  };
  const removal = action('Retirer le lien', 'fr-btn--tertiary', remove);
  const panel = element(
    'div', { class: 'editor__link', role: 'group', 'aria-label': 'Lien', hidden: '' },
    element('label', { class: 'fr-label', for: input.id }, 'Adresse du lien'), input, error,
    element('div', { class: 'editor__link-acts' }, action('Appliquer', '', set), removal, action('Annuler', 'fr-btn--tertiary', close)),
  );
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && event.target === input) set();
    else return;
    event.preventDefault();
  });
  const open = () => {
    const { href } = editor.getAttributes('link');
    input.value = href || '';
    removal.hidden = !href;
    error.textContent = '';
    input.removeAttribute('aria-invalid');
    panel.hidden = false;
    input.focus();
    input.select();
  };
  return { element: panel, open };
}

function addressOf(typed) {
  if (SAFE.test(typed)) return typed;
  if (/^[^\s@:/]+@[^\s@:/]+\.[^\s@:/]+$/.test(typed)) return `mailto:${typed}`;
  return /^[^\s:/@]+\.[^\s:@]{2,}$/.test(typed) ? `https://${typed}` : '';
}
