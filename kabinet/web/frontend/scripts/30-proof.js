// The work that shows that a form is sent by a person's browser: found while the form is filled in.
// A plain SHA-256: it runs in every browser, also without https, and is faster here than a promise for each try.
(function () {
  'use strict';

  var field = document.querySelector('[data-proof]');
  if (!field) return;

  var form = field.form;
  var challenge = field.getAttribute('data-proof');
  var bits = Number(field.getAttribute('data-bits'));
  var words = new Int32Array(64);
  var nonce = 0;
  var waiting = null;

  var K = [];
  var FIRST = [];
  (function () {
    var isPrime;
    for (var number = 2; K.length < 64; number += 1) {
      isPrime = true;
      for (var part = 2; part * part <= number; part += 1) if (number % part === 0) isPrime = false;
      if (isPrime) {
        if (FIRST.length < 8) FIRST.push(fraction(Math.sqrt(number)));
        K.push(fraction(Math.cbrt(number)));
      }
    }
  }());

  function fraction(root) { return ((root - Math.floor(root)) * 4294967296) | 0; }

  // Everything but the last block of the text is the same for each try: its state is kept.
  function absorb(state, block, at) {
    for (var i = 0; i < 16; i += 1) {
      words[i] = (block[at + i * 4] << 24) | (block[at + i * 4 + 1] << 16) | (block[at + i * 4 + 2] << 8) | block[at + i * 4 + 3];
    }
    for (var j = 16; j < 64; j += 1) {
      var x = words[j - 15];
      var y = words[j - 2];
      words[j] = (words[j - 16] + ((x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ (x >>> 3)) + words[j - 7]
        + ((y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ (y >>> 10))) | 0;
    }
    var a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (var k = 0; k < 64; k += 1) {
      var one = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + ((e & f) ^ (~e & g)) + K[k] + words[k]) | 0;
      var two = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    return [state[0] + a | 0, state[1] + b | 0, state[2] + c | 0, state[3] + d | 0,
      state[4] + e | 0, state[5] + f | 0, state[6] + g | 0, state[7] + h | 0];
  }

  function bytesOf(text) {
    var bytes = [];
    for (var i = 0; i < text.length; i += 1) bytes.push(text.charCodeAt(i));
    return bytes;
  }

  var prefix = bytesOf(challenge + ':');
  var whole = Math.floor(prefix.length / 64) * 64;
  var begun = FIRST;
  for (var at = 0; at < whole; at += 64) begun = absorb(begun, prefix, at);
  var rest = prefix.slice(whole);

  function isProof(text) {
    var bytes = rest.concat(bytesOf(text));
    var length = (whole + bytes.length) * 8;
    bytes.push(0x80);
    while (bytes.length % 64 !== 56) bytes.push(0);
    bytes.push(0, 0, 0, 0, length >>> 24 & 255, length >>> 16 & 255, length >>> 8 & 255, length & 255);
    var state = begun;
    for (var from = 0; from < bytes.length; from += 64) state = absorb(state, bytes, from);
    return bits <= 32 ? state[0] >>> (32 - bits) === 0 : state[0] === 0 && state[1] >>> (64 - bits) === 0;
  }

  function work() {
    var until = Date.now() + 12;
    do {
      if (isProof(String(nonce))) {
        field.value = String(nonce);
        form.classList.remove('is-at-work');
        if (waiting) waiting();
        return;
      }
      nonce += 1;
    } while (Date.now() < until);
    window.setTimeout(work, 0);
  }

  // Stands before the script that marks a form as on its way: a form that is not ready is sent when it is.
  document.addEventListener('submit', function (event) {
    if (event.target !== form || field.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    var button = event.submitter || form.querySelector('[type="submit"]');
    waiting = function () { button.click(); };
    form.classList.add('is-at-work');
  }, true);

  work();
}());
