// «Показания»: what a register ran is counted exactly as one types, Enter and the arrows go down the column, folded
// points keep what was typed in them.
(function () {
  'use strict';

  var form = document.querySelector('[data-points]');
  if (!form) return;
  var texts = document.querySelector('[data-dial-texts]');

  // Numbers are whole ones with a scale: a hundredth times twelve thousand is never off by a bit.
  function parse(text) {
    var found = /^(\d+)(?:[.,](\d+))?$/.exec(text.replace(/[\s\u00a0]/g, ''));
    return found ? {digits: (found[1] + (found[2] || '')).replace(/^0+(?=\d)/, ''), scale: (found[2] || '').length} : null;
  }

  function widen(number, scale) {
    var digits = number.digits;
    for (var i = number.scale; i < scale; i += 1) digits += '0';
    return digits.replace(/^0+(?=\d)/, '');
  }

  function compare(one, two) {
    if (one.length !== two.length) return one.length - two.length;
    return one < two ? -1 : one > two ? 1 : 0;
  }

  function add(one, two, sign) {
    var out = '';
    var rest = 0;
    for (var i = 1; i <= Math.max(one.length, two.length) + 1; i += 1) {
      var sum = Number(one.charAt(one.length - i) || 0) + sign * Number(two.charAt(two.length - i) || 0) + rest;
      rest = sum < 0 ? -1 : sum > 9 ? 1 : 0;
      out = String(sum - rest * 10) + out;
    }
    return out.replace(/^0+(?=\d)/, '');
  }

  // Less than nothing is null: there is no consumption to show.
  function minus(one, two) {
    var scale = Math.max(one.scale, two.scale);
    var left = widen(one, scale);
    var right = widen(two, scale);
    return compare(left, right) < 0 ? null : {digits: add(left, right, -1), scale: scale};
  }

  function plus(one, two) {
    var scale = Math.max(one.scale, two.scale);
    return {digits: add(widen(one, scale), widen(two, scale), 1), scale: scale};
  }

  function times(one, two) {
    var out = '0';
    for (var i = 0; i < two.digits.length; i += 1) {
      out += '0';
      for (var n = Number(two.digits.charAt(i)); n > 0; n -= 1) out = add(out, one.digits, 1);
    }
    return {digits: out.replace(/^0+(?=\d)/, ''), scale: one.scale + two.scale};
  }

  function print(number) {
    var isRussian = document.documentElement.lang !== 'en';
    var digits = number.digits;
    while (digits.length <= number.scale) digits = '0' + digits;
    var whole = digits.slice(0, digits.length - number.scale);
    var fraction = digits.slice(digits.length - number.scale).replace(/0+$/, '');
    whole = whole.replace(/\B(?=(\d{3})+$)/g, isRussian ? '\u00a0' : ',');
    return whole + (fraction ? (isRussian ? ',' : '.') + fraction : '');
  }

  function runOf(row) {
    var value = parse(row.querySelector('.pr__field').value);
    var previous = parse(row.getAttribute('data-previous'));
    var run = value && previous && minus(value, previous);
    return run ? times(run, parse(row.getAttribute('data-ratio'))) : null;
  }

  function show(row) {
    var run = runOf(row);
    put(row.querySelector('[data-run]'), run ? print(run) + ' ' + row.getAttribute('data-unit') : '');
    var hint = row.querySelector('[data-hint]');
    var words = wordsFor(row);
    put(hint.querySelector('[data-hint-text]'), words);
    hint.hidden = !words;
    showTotals(row);
  }

  function wordsFor(row) {
    var typed = row.querySelector('.pr__field').value;
    var value = parse(typed);
    var previous = parse(row.getAttribute('data-previous'));
    if (!typed.trim()) return '';
    if (!value) return phrase('signs', {});
    if (previous && !minus(value, previous)) return phrase('below', {previous: print(previous)});
    return '';
  }

  function showTotals(row) {
    var meter = row.closest('[data-meter]');
    var quantity = row.getAttribute('data-quantity');
    var total = meter.querySelector('[data-total="' + quantity + '"]');
    if (!total) return;
    var rows = meter.querySelectorAll('[data-register][data-quantity="' + quantity + '"]');
    var runs = Array.prototype.map.call(rows, runOf);
    var isWhole = runs.every(function (run) { return run; });
    put(total, isWhole ? print(runs.reduce(plus)) + ' ' + row.getAttribute('data-unit') : '');
  }

  function put(node, text) {
    if (node && node.textContent !== text) node.textContent = text;
  }

  function phrase(name, facts) {
    var words = (texts && texts.getAttribute('data-' + name)) || '';
    return words.replace(/\{(\w+)\}/g, function (whole, fact) { return fact in facts ? facts[fact] : whole; });
  }

  form.addEventListener('input', function (event) {
    if (event.target.classList.contains('pr__field')) show(event.target.closest('[data-register]'));
  });

  form.addEventListener('keydown', function (event) {
    var step = {Enter: 1, ArrowDown: 1, ArrowUp: -1}[event.key];
    if (!step || !event.target.classList.contains('pr__field')) return;
    event.preventDefault();
    var fields = Array.prototype.filter.call(form.querySelectorAll('.pr__field:not(:disabled)'), isSeen);
    var next = fields[fields.indexOf(event.target) + step];
    if (next) {
      next.focus();
      next.select();
    } else if (step > 0) form.querySelector('[data-send]').focus();
  });

  function isSeen(node) {
    return node.offsetParent !== null;
  }

  // An open point only hides: what was typed in it stays, and goes with the rest.
  form.addEventListener('click', function (event) {
    var button = event.target.closest ? event.target.closest('.point__fold') : null;
    var point = button && button.closest('.point');
    if (!point || !point.classList.contains('is-open')) return;
    event.preventDefault();
    var meters = point.querySelector('.point__meters');
    meters.hidden = !meters.hidden;
    button.setAttribute('aria-expanded', String(!meters.hidden));
  });

  // What was typed before in a point that opens now comes back into its fields.
  document.addEventListener('htmx:afterSwap', function (event) {
    var carried = form.querySelector('[data-carried]');
    Array.prototype.forEach.call(carried ? carried.querySelectorAll('input') : [], function (kept) {
      var fields = form.querySelectorAll('.pr__field[name="' + kept.name + '"]');
      if (!fields.length) return;
      fields[0].value = kept.value;
      carried.removeChild(kept);
      show(fields[0].closest('[data-register]'));
    });
    var first = event.detail && event.detail.elt ? document.getElementById(event.detail.elt.id) : null;
    var field = first && first.querySelector('.pr__field:not(:disabled)');
    if (field) field.focus();
  });
}());
