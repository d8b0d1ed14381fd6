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

  // An answer on which questions depend brings them or takes them away, with what follows.
  each("form[data-asks]", function (form) {
    var turn = 0, names = form.getAttribute("data-asks").split(" ");
    var at = function (root, field) { return root.querySelector('[data-field="' + field.getAttribute("data-field") + '"]'); };
    form.addEventListener("change", function (event) {
      if (names.indexOf(event.target.name.split(".").pop()) < 0) { return; }
      var mine = turn += 1, sent = new FormData(form);
      each("input[type=file]", function (file) { sent.delete(file.name); });
      sent.append("_search", "1");
      fetch(form.action, { method: "POST", body: new URLSearchParams(sent) }).then(function (answer) { return answer.text(); }).then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html"), found = page.querySelector("form[data-asks]");
        if (!found || mine !== turn) { return; }
        each("[data-field]", function (field) { if (!at(found, field)) { field.remove(); } });
        found.querySelectorAll("[data-field]").forEach(function (field) {
          var before = field.previousElementSibling;
          before = before && at(form, before);
          if (!at(form, field) && before) { before.after(field.cloneNode(true)); }
        });
        form.setAttribute("action", found.getAttribute("action"));
        form.querySelectorAll("[formaction]").forEach(function (button) {
          button.setAttribute("formaction", found.getAttribute("action") + button.getAttribute("formaction").replace(/^[^#]*/, ""));
        });
        each(".leads", function (leads) { leads.replaceWith(page.querySelector(".leads")); });
      });
    });
  });

  // A page that waits for something is asked for again; whoever has no scripts presses its button.
  each("[data-refresh]", function (page) {
    setTimeout(function () { location.reload(); }, page.getAttribute("data-refresh") * 1e3);
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
