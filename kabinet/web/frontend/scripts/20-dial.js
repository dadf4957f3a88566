// The dial field: shows leading zeros, and beside the field what was spent, as one types.
(function () {
  'use strict';

  var texts = document.querySelector('[data-dial-texts]');

  function start(scope) {
    Array.prototype.forEach.call(scope.querySelectorAll('[data-dial]:not(.is-live)'), function (dial) {
      var input = dial.querySelector('.dial__input');
      if (!input) return;
      dial.classList.add('is-live');
      dial.setAttribute('data-judged', dial.classList.contains('is-wrong') ? input.value : '');
      input.addEventListener('input', function () { show(dial, input); });
      show(dial, input);
    });
  }

  function show(dial, input) {
    var typed = input.value.replace(/[\s\u00a0]/g, '');
    var digits = Number(dial.getAttribute('data-digits'));
    var verdict = typed ? judge(dial, typed, digits) : {spent: '', hint: ''};
    // What the server has said of this very value stands there already.
    if (typed && input.value === dial.getAttribute('data-judged')) verdict.hint = '';
    dial.classList.toggle('is-free', !/^\d*$/.test(input.value) || typed.length > digits);
    drawZeros(dial, typed, digits);
    put(dial.querySelector('.dial__spent'), verdict.spent);
    put(dial.querySelector('.dial__hint-text'), verdict.hint);
    var hint = dial.querySelector('.dial__hint');
    if (hint) hint.hidden = !verdict.hint;
  }

  function put(node, text) {
    if (node && node.textContent !== text) node.textContent = text;
  }

  function drawZeros(dial, typed, digits) {
    var idle = typed ? digits - typed.length : 0;
    Array.prototype.forEach.call(dial.querySelectorAll('.dial__boxes:not(.dial__boxes--red) i'), function (box, place) {
      put(box, place < idle ? '0' : '');
    });
  }

  // Only hints: what is right is decided by the server, which knows more.
  function judge(dial, typed, digits) {
    if (/^\d+[.,]\d*$/.test(typed)) return {spent: '', hint: text('fraction', {whole: typed.split(/[.,]/)[0]})};
    if (!/^\d+$/.test(typed)) return {spent: '', hint: text('signs', {})};
    if (typed.length > digits) return {spent: '', hint: text('long', {digits: digits})};
    if (!dial.hasAttribute('data-previous')) return {spent: '', hint: ''};
    return compare(dial, Number(typed));
  }

  function compare(dial, value) {
    var previous = Math.floor(Number(dial.getAttribute('data-previous')));
    var spent = round((value - previous) * Number(dial.getAttribute('data-ratio') || 1));
    if (spent < 0) return {spent: '', hint: text('below', {previous: dial.getAttribute('data-shown') || previous})};
    return {
      spent: text('spent', {amount: print(spent), unit: dial.getAttribute('data-unit') || ''}).trim(),
      hint: exceeds(spent, dial, 'data-limit') ? text('limit', {}) : exceeds(spent, dial, 'data-usual') ? text('usual', {}) : ''
    };
  }

  function exceeds(spent, dial, name) {
    return dial.hasAttribute(name) && spent > Number(dial.getAttribute(name));
  }

  function round(number) {
    return Math.round(number * 10000) / 10000;
  }

  function print(number) {
    return new Intl.NumberFormat(document.documentElement.lang || 'ru', {maximumFractionDigits: 4}).format(number);
  }

  function text(name, facts) {
    var phrase = (texts && texts.getAttribute('data-' + name)) || '';
    return phrase.replace(/\{(\w+)\}/g, function (whole, fact) { return fact in facts ? facts[fact] : whole; });
  }

  start(document);
  // Rows that htmx brings later have dials too.
  document.addEventListener('htmx:afterSwap', function (event) { start(event.target); });
}());
