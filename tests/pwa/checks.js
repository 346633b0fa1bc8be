/* What fingers, keyboards and eyes need of a page; each check returns its complaints as sentences.
   tests/pwa/test_accessible.py puts this into every sample page. */
(() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  const SMALLEST = 44;
  const ROUNDING = 2;

  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
  const controls = () => [...document.querySelectorAll(CONTROLS)].filter((each) => isShown(each) && !each.matches(".skip, :disabled"));

  function named(element) {
    const words = (element.textContent.trim() || element.getAttribute("aria-label") || element.name || "").replace(/\s+/g, " ");
    return `${element.localName}${element.className ? "." + String(element.className).replaceAll(" ", ".") : ""} “${words.slice(0, 30)}”`;
  }

  /* A choice may be made on its label: both together are the target. */
  function parts(control) {
    return [control, ...(control.labels ?? [])].filter((each) => isShown(each));
  }

  function area(control) {
    const boxes = parts(control).flatMap((each) => [...each.getClientRects()]);
    const [left, top] = [Math.min(...boxes.map((box) => box.left)), Math.min(...boxes.map((box) => box.top))];
    const [right, bottom] = [Math.max(...boxes.map((box) => box.right)), Math.max(...boxes.map((box) => box.bottom))];
    return { left, top, right, bottom, width: right - left, height: bottom - top };
  }

  function isHit(control, x, y) {
    const hit = document.elementFromPoint(x, y);
    return !!hit && parts(control).some((each) => each.contains(hit) || hit.contains(each) && hit.matches("label"));
  }

  /* A link among the words of a sentence is as high as its line (WCAG 2.5.8, inline). */
  function isInSentence(control) {
    if (!control.matches("a, button") || getComputedStyle(control).display !== "inline") return false;
    return [...control.parentElement.childNodes].some((each) => each !== control && each.nodeType === 3 && /[\p{L}\p{N}]/u.test(each.data));
  }

  /* How far from its middle a control can be hit: what is drawn around it may belong to it. */
  function reach(control, x, y, stepX, stepY) {
    let far = 0;
    while (far < SMALLEST && isHit(control, x + stepX * (far + 1), y + stepY * (far + 1))) far += 1;
    return far;
  }

  function isLarge(control) {
    const { left, top, right, bottom, width, height } = area(control);
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    const isWide = width >= SMALLEST || reach(control, x, y, -1, 0) + reach(control, x, y, 1, 0) >= SMALLEST - ROUNDING;
    const isHigh = height >= SMALLEST || reach(control, x, y, 0, -1) + reach(control, x, y, 0, 1) >= SMALLEST - ROUNDING;
    return isWide && isHigh;
  }

  function smallTargets() {
    return controls()
      .filter((each) => !isInSentence(each) && !isLarge(each))
      .map((each) => `${named(each)} is ${Math.round(area(each).width)} × ${Math.round(area(each).height)} px`);
  }

  /* Nine points of what has the focus: one at least is not under a bar (WCAG 2.4.11). */
  function isCovered(control) {
    const { left, top, right, bottom, width, height } = area(control);
    const xs = [left + 1 + width * 0.02, (left + right) / 2, right - 1 - width * 0.02];
    const ys = [top + 1, (top + bottom) / 2, bottom - 1];
    return !xs.some((x) => ys.some((y) => isHit(control, x, y)));
  }

  function isOutlined(control) {
    for (let each = control, far = 0; each && far < 4; each = each.parentElement, far += 1) {
      const style = getComputedStyle(each);
      if (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) return true;
    }
    return false;
  }

  function focusing() {
    const complaints = [];
    for (const each of controls()) {
      each.focus();
      if (document.activeElement !== each) continue;
      if (!isOutlined(each)) complaints.push(`${named(each)} does not show that it has the focus`);
      if (isCovered(each)) complaints.push(`${named(each)} is covered while it has the focus`);
    }
    document.activeElement?.blur();
    return complaints;
  }

  /* Words that a box cuts off: those that end in an ellipsis say so themselves. */
  function cutOff() {
    return [...document.body.querySelectorAll("*")]
      .filter((each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
      .filter((each) => isShown(each) && !each.closest("svg, .hush, [aria-hidden=true]"))
      .filter((each) => {
        const style = getComputedStyle(each);
        if (style.overflowX === "visible" && style.overflowY === "visible" || style.textOverflow === "ellipsis") return false;
        if (/auto|scroll/.test(style.overflowX + style.overflowY)) return false;
        return each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1;
      })
      .map((each) => `${named(each)} is cut off`);
  }

  function tooWide() {
    const width = document.documentElement.scrollWidth;
    return width > innerWidth ? [`the page is ${width} px wide on a screen of ${innerWidth}`] : [];
  }

  window.checks = { smallTargets, focusing, cutOff, tooWide };
})();
