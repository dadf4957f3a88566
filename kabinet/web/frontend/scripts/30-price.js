// What readings cost, as one types: the form is asked of the server, which counts by the rules of the bill.
(function () {
  'use strict';

  var form = document.querySelector('form[data-price]');
  var place = form && form.querySelector('[data-price-here]');
  if (!place || !window.fetch || !window.FormData) return;

  var waiting = 0;
  var asked = 0;

  form.addEventListener('input', function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(ask, 500);
  });

  function ask() {
    var number = ++asked;
    window.fetch(form.getAttribute('data-price'), {method: 'POST', body: new FormData(form), credentials: 'same-origin'})
      .then(function (answer) { return answer.ok && !answer.redirected ? answer.text() : ''; })
      .then(function (page) { if (number === asked) place.innerHTML = page; })
      .catch(function () { if (number === asked) place.textContent = ''; });
  }

  ask();
}());
