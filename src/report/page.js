document.documentElement.classList.add('scripted');
const box = document.getElementById('search');
const hits = document.getElementById('hits');
const plain = text => text.toLowerCase().normalize('NFD').replace(/[\u0300-\u036f]/g, '');
const lines = [...document.querySelectorAll('[data-find]')].map(e => [e, plain(e.textContent)]);
const marks = [...document.querySelectorAll('svg g')].map(e => [e, plain(e.textContent)]);
const days = [...document.querySelectorAll('.cell')];

function find() {
  const words = plain(box.value).split(/\s+/).filter(Boolean);
  const matches = text => words.every(word => text.includes(word));
  let count = 0;
  for (const [line, text] of lines) {
    const found = matches(text);
    line.classList.toggle('hidden', !found);
    count += found;
  }
  for (const [mark, text] of marks) mark.classList.toggle('found', words.length > 0 && matches(text));
  for (const day of days) day.classList.toggle('hidden', words.length > 0 && !day.querySelector('g.found'));
  document.body.classList.toggle('finding', words.length > 0);
  const [one, several] = hits.dataset.some.split('|');
  hits.value = !words.length ? '' : !count ? hits.dataset.none : (count < 2 ? one : several).replace('{n}', count);
}
box.addEventListener('input', find);
