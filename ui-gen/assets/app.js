// Nothing here is needed: every page works without it.
(function () {
  "use strict";
  var each = function (selector, use) {
    Array.prototype.forEach.call(document.querySelectorAll(selector), use);
  };

  // The error summary takes the focus, also where `autofocus` is not known on such an element.
  each(".problems", function (box) { box.focus(); });

  // A location fills the two boxes for latitude and longitude.
  each("[data-locate]", function (group) {
    var button = group.querySelector("[data-locate-button]");
    var name = group.getAttribute("data-locate");
    if (!button || !navigator.geolocation) { return; }
    button.hidden = false;
    button.addEventListener("click", function () {
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(function (found) {
        document.getElementById(name + ".lat").value = found.coords.latitude.toFixed(6);
        document.getElementById(name + ".long").value = found.coords.longitude.toFixed(6);
        button.disabled = false;
      }, function () { button.disabled = false; }, { enableHighAccuracy: true, timeout: 15000 });
    });
  });

  // One box selects every row of the page.
  each("[data-all]", function (all) {
    all.hidden = false;
    all.addEventListener("change", function () {
      each("input[name=case]", function (box) { box.checked = all.checked; });
    });
  });

  // Typing narrows a list that is already on the page.
  each("[data-filter]", function (input) {
    var list = document.getElementById(input.getAttribute("data-filter"));
    if (!list) { return; }
    input.addEventListener("input", function () {
      var wanted = input.value.trim().toLowerCase();
      Array.prototype.forEach.call(list.children, function (group) {
        var title = group.querySelector("h2").textContent.toLowerCase();
        var any = false;
        Array.prototype.forEach.call(group.querySelectorAll("li"), function (item) {
          var fits = (title + " " + item.textContent.toLowerCase()).indexOf(wanted) >= 0;
          item.hidden = !fits;
          any = any || fits;
        });
        group.hidden = !any;
      });
    });
  });

  // On a narrow screen the filters make way for what they found.
  each("[data-narrow]", function (details) {
    if (window.innerWidth < 800) { details.open = false; }
  });

  // j and k walk through the rows of a list; nothing happens while something is being typed.
  var rows = document.querySelectorAll(".inbox tbody th a");
  var at = -1;
  if (rows.length) {
    document.addEventListener("keydown", function (event) {
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) { return; }
      if (event.key === "j" || event.key === "k") {
        at = Math.max(0, Math.min(rows.length - 1, at + (event.key === "j" ? 1 : -1)));
        rows[at].focus();
      }
    });
  }

  // A few minutes before the session ends one is asked to stay; what was typed stays on the page.
  each("#stay", function (box) {
    var form = box.querySelector("form");
    var ends;
    var left = function (seconds) { ends = Date.now() + (seconds > 300 ? seconds : 1e9) * 1e3; };
    left(+box.getAttribute("data-left"));
    setInterval(function () {
      if (box.showModal && ends - Date.now() < 3e5) { left(0); box.showModal(); }
    }, 5e3);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }).then(function (answer) {
        return answer.ok ? answer.text() : 0;
      }).then(function (seconds) { left(+seconds); box.close(); });
    });
  });

  // At the counter Enter goes on to the next field and never sends the form; Control and Enter do.
  each("form[data-enter]", function (form) {
    each("[data-keys]", function (help) { help.hidden = false; });
    form.addEventListener("keydown", function (event) {
      var here = event.target;
      if (event.key !== "Enter" || event.altKey || event.metaKey || event.isComposing) { return; }
      if (!/^(INPUT|SELECT)$/.test(here.tagName) && !(event.ctrlKey && here.tagName === "TEXTAREA")) { return; }
      if (/^(submit|button|file|image)$/.test(here.type)) { return; }
      event.preventDefault();
      var fields = Array.prototype.filter.call(form.elements, function (one) {
        return /^(INPUT|SELECT|TEXTAREA|BUTTON)$/.test(one.tagName) && !one.disabled && one.offsetParent !== null && form.contains(one);
      });
      if (event.ctrlKey) {
        var send = form.querySelector(".end button");
        if (send) { send.click(); }
        return;
      }
      var at = fields.indexOf(here);
      var step = event.shiftKey ? -1 : 1;
      // All choices of one question are one field.
      do { at += step; } while (fields[at] && here.name && fields[at].name === here.name);
      if (fields[at]) { fields[at].focus(); }
    });
  });

  // A sentence that is ready goes where the words are written.
  each("[data-fill]", function (list) {
    var into = document.getElementById(list.getAttribute("data-fill"));
    if (!into) { return; }
    list.addEventListener("change", function () {
      var chosen = list.options[list.selectedIndex];
      if (!chosen || !chosen.value) { return; }
      into.value = into.value.trim() ? into.value.replace(/\s+$/, "") + "\n" + chosen.text : chosen.text;
      list.selectedIndex = 0;
      into.focus();
    });
  });

  // A second press of the same button within two seconds is a slip of the finger.
  each("form[method=post]", function (form) {
    var last = 0;
    form.addEventListener("submit", function (event) {
      var now = Date.now();
      if (now - last < 2000) { event.preventDefault(); }
      last = now;
    });
  });
})();
