document.documentElement.classList.add('scripted');
const by = id => document.getElementById(id);
const [box, hits, only, extract] = ['search', 'hits', 'only', 'extract'].map(by);
const plain = text => text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[\u2018\u2019]/g, "'").replace(/[\u00a0\u202f]/g, ' ');
// What is told below a person names others: it is not searched.
const own = e => [...e.querySelectorAll('details.why')].reduce((text, why) => text.replace(why.textContent, ''), e.textContent);
const texts = selector => [...document.querySelectorAll(selector)].map(e => [e, plain(own(e))]);
const lines = texts('[data-find]');
const marks = texts('svg g');
const days = [...document.querySelectorAll('.cell')].map(e => [e, plain(e.querySelector('h3').textContent)]);
const sheets = [...document.querySelectorAll('details.sheet')];

function find() {
  const words = plain(box.value).split(/\s+/).filter(Boolean);
  const matches = text => words.every(word => text.includes(word));
  let count = 0;
  for (const [day, text] of days) {
    day.wholly = words.length > 0 && matches(text);
    day.classList.toggle('wholly', day.wholly);
  }
  for (const [line, text] of lines) {
    const day = line.closest('.cell');
    const found = matches(text) || (day !== null && day.wholly);
    line.classList.toggle('hidden', !found);
    count += found && day === null;
  }
  for (const [mark, text] of marks) mark.classList.toggle('found', words.length > 0 && matches(text));
  for (const [day] of days) {
    const found = !words.length || day.wholly || day.querySelector('g.found, [data-find]:not(.hidden)');
    day.classList.toggle('hidden', !found);
  }
  document.body.classList.toggle('finding', words.length > 0);
  const [one, several] = hits.dataset.some.split('|');
  hits.value = !words.length ? '' : !count ? hits.dataset.none : (count < 2 ? one : several).replace('{n}', count);
}
box.addEventListener('input', find);
document.addEventListener('keydown', event => {
  const typing = event.target.matches('input, select, textarea');
  if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (event.key === 'Escape' && event.target === box) {
    box.value = '';
    find();
  }
});

// One centre's extract, on the screen and on paper; it says so.
if (only) only.addEventListener('change', () => {
  for (const e of document.querySelectorAll('[data-at]')) {
    e.classList.toggle('away', only.value !== '' && !e.dataset.at.split(' ').includes(only.value));
  }
  extract.hidden = only.value === '';
  extract.textContent = extract.dataset.text.replace('{name}', only.selectedOptions[0].textContent);
});

// Paper shows the day's sessions even where they are folded on the screen.
let folded = [];
addEventListener('beforeprint', () => {
  folded = sheets.filter(sheet => !sheet.open);
  for (const sheet of folded) sheet.open = true;
  by('printed').lastElementChild.textContent = new Date().toLocaleString(document.documentElement.lang, { dateStyle: 'long', timeStyle: 'short' });
});
addEventListener('afterprint', () => { for (const sheet of folded) sheet.open = false; });
by('print').addEventListener('click', () => print());
