// The part of p5.js (https://p5js.org/reference/) that short sketches use, written anew so that a preview needs no
// network and costs a few kilobytes. 2D canvas only. Two differences, both on purpose: without randomSeed() a sketch
// draws the same picture every time, and what is missing or wrong is said inside the frame.
(() => {
  'use strict';
  const W = window, M = Math, DPR = M.min(W.devicePixelRatio || 1, 2);
  let ctx, canvas, shape = null, looping = true, due = 0, fps = 60, last = 0, begun = 0, broken = false;
  let mode = 'rgb', max = [255, 255, 255, 255], degrees = false, stack = [];
  const fresh = () => ({fill: '#fff', stroke: '#000', rect: 'corner', ellipse: 'center', size: 12, font: 'sans-serif',
    style: 'normal', h: 'left', v: 'alphabetic', leading: 0});
  let s = fresh();
  const P = {PI: M.PI, TWO_PI: 2 * M.PI, TAU: 2 * M.PI, HALF_PI: M.PI / 2, QUARTER_PI: M.PI / 4, RGB: 'rgb', HSB: 'hsb',
    HSL: 'hsl', CENTER: 'center', CORNER: 'corner', CORNERS: 'corners', RADIUS: 'radius', LEFT: 'left', RIGHT: 'right',
    TOP: 'top', BOTTOM: 'bottom', BASELINE: 'alphabetic', CLOSE: 'close', DEGREES: 'degrees', RADIANS: 'radians',
    ROUND: 'round', SQUARE: 'butt', PROJECT: 'square', MITER: 'miter', BEVEL: 'bevel', PIE: 'pie', CHORD: 'chord',
    OPEN: 'open', NORMAL: 'normal', BOLD: 'bold', ITALIC: 'italic', P2D: '2d', BLEND: 'source-over', ADD: 'lighter',
    MULTIPLY: 'multiply', SCREEN: 'screen', DARKEST: 'darken', LIGHTEST: 'lighten', DIFFERENCE: 'difference',
    EXCLUSION: 'exclusion', OVERLAY: 'overlay', LEFT_ARROW: 37, UP_ARROW: 38, RIGHT_ARROW: 39, DOWN_ARROW: 40,
    ENTER: 13, ESCAPE: 27, frameCount: 0, deltaTime: 0, mouseX: 0, mouseY: 0, pmouseX: 0, pmouseY: 0, mouseIsPressed: false,
    keyIsPressed: false, key: '', keyCode: 0, width: 100, height: 100, windowWidth: innerWidth, windowHeight: innerHeight};

  const fail = message => {
    if (broken) return;
    broken = true; looping = false;
    const box = document.createElement('pre');
    box.setAttribute('role', 'alert');
    box.textContent = message + '\n(The preview knows the common part of p5.js, in 2D.)';
    document.body.append(box);
  };
  W.onerror = (message, _, line) => fail(String(message).replace(/^Uncaught /, '') + (W.sketchLine ?
    ' (line ' + M.max(1, line - W.sketchLine) + ')' : ''));
  W.onunhandledrejection = event => fail(String(event.reason));

  // Chance: mulberry32, and value noise over a table of 4096, as p5 has it.
  let state = 1, table = null, octaves = 4, falloff = 0.5, spare = null;
  const chance = () => {
    state = state + 0x6D2B79F5 | 0;
    let t = M.imul(state ^ state >>> 15, 1 | state);
    t = t + M.imul(t ^ t >>> 7, 61 | t) ^ t;
    return ((t ^ t >>> 14) >>> 0) / 4294967296;
  };
  const seedNoise = seed => {
    const kept = state;
    state = seed | 0; table = Array.from({length: 4096}, chance); state = kept;
  };
  const lattice = (x, y, z) => table[x + (y << 4) + (z << 8) & 4095];
  const noise = (x, y = 0, z = 0) => {
    if (!table) seedNoise(7);
    let sum = 0, amplitude = 0.5;
    [x, y, z] = [x, y, z].map(M.abs);
    for (let o = 0; o < octaves; o++) {
      const [i, j, k] = [x, y, z].map(M.floor), f = [x - i, y - j, z - k].map(t => (1 - M.cos(t * M.PI)) / 2);
      const mix = (a, b, t) => a + (b - a) * t;
      const row = (b, c) => mix(lattice(i, j + b, k + c), lattice(i + 1, j + b, k + c), f[0]);
      sum += amplitude * mix(mix(row(0, 0), row(1, 0), f[1]), mix(row(0, 1), row(1, 1), f[1]), f[2]);
      amplitude *= falloff; x *= 2; y *= 2; z *= 2;
    }
    return sum;
  };

  // Colour: kept as red, green, blue (0 to 255) and alpha (0 to 1).
  class Color {
    constructor(c) { this.c = c; }
    setAlpha(a) { this.c[3] = a / max[3]; }
    toString() { const [r, g, b, a] = this.c; return `rgba(${M.round(r)},${M.round(g)},${M.round(b)},${a})`; }
  }
  const parsed = css => {
    const probe = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    probe.fillStyle = css; probe.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const color = (...v) => {
    if (Array.isArray(v[0])) v = v[0];
    if (v[0] instanceof Color) return v[1] === undefined ? v[0] : new Color([...v[0].c.slice(0, 3), v[1] / max[3]]);
    if (typeof v[0] === 'string') return new Color(parsed(v[0]));
    if (v.length < 3) { const g = 255 * v[0] / (mode === 'rgb' ? max[0] : max[2]); return new Color([g, g, g, (v[1] ?? max[3]) / max[3]]); }
    const [x, y, z] = v.map((t, i) => M.max(0, M.min(1, t / max[i])));
    const a = (v[3] ?? max[3]) / max[3];
    if (mode === 'rgb') return new Color([255 * x, 255 * y, 255 * z, a]);
    const l = mode === 'hsb' ? z * (1 - y / 2) : z, d = l && l < 1 ? (mode === 'hsb' ? (z - l) / M.min(l, 1 - l) : y) : 0;
    const f = n => { const k = (n + 12 * x) % 12; return 255 * (l - d * M.min(l, 1 - l) * M.max(-1, M.min(k - 3, 9 - k, 1))); };
    return new Color([f(0), f(8), f(4), a]);
  };
  const css = v => String(color(...v));
  const hsb = c => {
    const [r, g, b] = color(c).c.map(t => t / 255), top = M.max(r, g, b), d = top - M.min(r, g, b);
    const h = !d ? 0 : top === r ? (g - b) / d : top === g ? 2 + (b - r) / d : 4 + (r - g) / d;
    return [(h / 6 + 1) % 1, top ? d / top : 0, top];
  };

  // Drawing.
  const ready = () => { if (!ctx) P.createCanvas(100, 100); };
  const paint = (closed = true) => {
    if (s.fill && closed) { ctx.fillStyle = s.fill; ctx.fill(); }
    if (s.stroke) { ctx.strokeStyle = s.stroke; ctx.stroke(); }
  };
  const path = (points, closed = true, filled = true) => {
    ready(); ctx.beginPath();
    for (let i = 0; i < points.length; i += 2) ctx.lineTo(points[i], points[i + 1]);
    if (closed) ctx.closePath();
    paint(filled);
  };
  const box = (m, x, y, w, h) => m === 'center' ? [x - w / 2, y - h / 2, w, h] : m === 'radius' ? [x - w, y - h, 2 * w, 2 * h] :
    m === 'corners' ? [x, y, w - x, h - y] : [x, y, w, h];
  const angle = a => degrees ? a * M.PI / 180 : a, unangle = a => degrees ? a * 180 / M.PI : a;
  const font = () => { ready(); ctx.font = `${s.style} ${s.size}px ${s.font}`; ctx.textAlign = s.h;
    ctx.textBaseline = {center: 'middle'}[s.v] || s.v; };
  class Vector {
    constructor(x = 0, y = 0, z = 0) { this.x = x; this.y = y; this.z = z; }
    set(x, y, z = 0) { this.x = x; this.y = y; this.z = z; return this; }
    copy() { return new Vector(this.x, this.y, this.z); }
    add(v, y = 0, z = 0) { v = v.x === undefined ? {x: v, y, z} : v; return this.set(this.x + v.x, this.y + v.y, this.z + (v.z || 0)); }
    sub(v, y = 0, z = 0) { v = v.x === undefined ? {x: v, y, z} : v; return this.set(this.x - v.x, this.y - v.y, this.z - (v.z || 0)); }
    mult(n) { return this.set(this.x * n, this.y * n, this.z * n); }
    div(n) { return this.mult(1 / n); }
    magSq() { return this.dot(this); }
    mag() { return M.sqrt(this.magSq()); }
    dot(v) { return this.x * v.x + this.y * v.y + this.z * (v.z || 0); }
    dist(v) { return this.copy().sub(v).mag(); }
    normalize() { return this.mult(1 / (this.mag() || 1)); }
    setMag(n) { return this.normalize().mult(n); }
    limit(n) { return this.mag() > n ? this.setMag(n) : this; }
    heading() { return unangle(M.atan2(this.y, this.x)); }
    rotate(a) { const m = this.mag(), t = M.atan2(this.y, this.x) + angle(a); return this.set(m * M.cos(t), m * M.sin(t)); }
    lerp(v, t) { return this.set(this.x + (v.x - this.x) * t, this.y + (v.y - this.y) * t); }
    static fromAngle(a, n = 1) { return new Vector(n * M.cos(angle(a)), n * M.sin(angle(a))); }
    static random2D() { return Vector.fromAngle(unangle(chance() * 2 * M.PI)); }
  }
  for (const verb of ['add', 'sub', 'mult', 'div', 'lerp']) Vector[verb] = (a, ...rest) => a.copy()[verb](...rest);
  for (const verb of ['dist', 'dot']) Vector[verb] = (a, b) => a[verb](b);

  for (const name of ['abs', 'ceil', 'exp', 'floor', 'log', 'pow', 'sqrt']) P[name] = M[name];
  for (const name of ['sin', 'cos', 'tan']) P[name] = a => M[name](angle(a));
  for (const name of ['asin', 'acos', 'atan']) P[name] = v => unangle(M[name](v));
  for (const name of ['min', 'max']) P[name] = (...v) => M[name](...v.flat());
  Object.assign(P, {
    createCanvas(w = 100, h = 100, kind) {
      if (kind && kind !== '2d') throw Error('only 2D canvases can be previewed');
      if (canvas) canvas.remove();
      canvas = document.createElement('canvas');
      canvas.width = w * DPR; canvas.height = h * DPR; canvas.style.width = w + 'px';
      document.body.append(canvas);
      ctx = canvas.getContext('2d'); ctx.scale(DPR, DPR); ctx.lineCap = 'round';
      W.width = w; W.height = h; W.drawingContext = ctx;
      return {parent() {}, id() {}, style() {}, position() {}, mousePressed(f) { canvas.onclick = f; }, elt: canvas};
    },
    resizeCanvas: (w, h) => { P.createCanvas(w, h); },
    background(...v) { ready(); ctx.save(); ctx.setTransform(DPR, 0, 0, DPR, 0, 0); ctx.globalCompositeOperation = 'source-over';
      ctx.fillStyle = css(v); ctx.fillRect(0, 0, W.width, W.height); ctx.restore(); },
    clear() { ready(); ctx.clearRect(0, 0, W.width, W.height); },
    color, lerpColor: (a, b, t) => { a = color(a).c; b = color(b).c; t = M.max(0, M.min(1, t)); return new Color(a.map((v, i) => v + (b[i] - v) * t)); },
    colorMode(m, ...v) { mode = m; max = v.length > 2 ? [v[0], v[1], v[2], v[3] ?? (m === 'rgb' ? v[0] : 1)] : v.length ? Array(4).fill(v[0]) :
      m === 'rgb' ? [255, 255, 255, 255] : [360, 100, 100, 1]; },
    red: c => color(c).c[0], green: c => color(c).c[1], blue: c => color(c).c[2], alpha: c => color(c).c[3] * max[3],
    hue: c => hsb(c)[0] * 360, saturation: c => hsb(c)[1] * 100, brightness: c => hsb(c)[2] * 100,
    fill(...v) { s.fill = css(v); }, noFill() { s.fill = null; }, stroke(...v) { s.stroke = css(v); s.inked = true; }, noStroke() { s.stroke = null; },
    strokeWeight(n) { ready(); ctx.lineWidth = n; }, strokeCap(v) { ready(); ctx.lineCap = v; }, strokeJoin(v) { ready(); ctx.lineJoin = v; },
    blendMode(v) { ready(); ctx.globalCompositeOperation = v; }, smooth() {}, noSmooth() {}, pixelDensity: () => DPR,
    rectMode(m) { s.rect = m; }, ellipseMode(m) { s.ellipse = m; }, angleMode(m) { degrees = m === 'degrees'; },
    rect(x, y, w, h = w, ...r) { ready(); ctx.beginPath(); const b = box(s.rect, x, y, w, h);
      r.length ? ctx.roundRect(...b, r.map(M.abs)) : ctx.rect(...b); paint(); },
    square: (x, y, w, ...r) => P.rect(x, y, w, w, ...r), circle: (x, y, d) => P.ellipse(x, y, d, d),
    ellipse(x, y, w, h = w) { ready(); ctx.beginPath(); const b = box(s.ellipse, x, y, w, h);
      ctx.ellipse(b[0] + b[2] / 2, b[1] + b[3] / 2, M.abs(b[2] / 2), M.abs(b[3] / 2), 0, 0, 2 * M.PI); paint(); },
    arc(x, y, w, h, from, to, kind) {
      ready();
      const b = box(s.ellipse, x, y, w, h), cx = b[0] + b[2] / 2, cy = b[1] + b[3] / 2, outline = s.stroke;
      const turn = () => { ctx.beginPath(); ctx.ellipse(cx, cy, M.abs(b[2] / 2), M.abs(b[3] / 2), 0, angle(from), angle(to)); };
      turn();
      if (kind === 'open') return paint();
      if (kind !== 'chord') ctx.lineTo(cx, cy);
      ctx.closePath();
      if (kind) return paint();
      s.stroke = null; paint(); s.stroke = outline; turn(); paint(false);
    },
    line: (x, y, u, v) => path([x, y, u, v], false, false), triangle: (...v) => path(v), quad: (...v) => path(v),
    point(x, y) { ready(); if (!s.stroke) return; if (x.x !== undefined) { y = x.y; x = x.x; } ctx.beginPath();
      ctx.arc(x, y, ctx.lineWidth / 2, 0, 2 * M.PI); ctx.fillStyle = s.stroke; ctx.fill(); },
    bezier(...v) { ready(); ctx.beginPath(); ctx.moveTo(v[0], v[1]); ctx.bezierCurveTo(...v.slice(2)); paint(); },
    beginShape() { ready(); shape = []; },
    vertex(x, y) { shape.push(['L', x, y]); }, curveVertex(x, y) { shape.push(['C', x, y]); },
    bezierVertex(...v) { shape.push(['B', ...v]); }, quadraticVertex(...v) { shape.push(['Q', ...v]); },
    endShape(close) {
      const soft = shape.filter(v => v[0] === 'C'), n = soft.length;
      ctx.beginPath();
      for (const [kind, ...v] of shape) kind === 'L' ? ctx.lineTo(...v) : kind === 'B' ? ctx.bezierCurveTo(...v) : kind === 'Q' && ctx.quadraticCurveTo(...v);
      for (let i = 1; i < n - 2; i++) {
        const [a, b, c, d] = soft.slice(i - 1, i + 3);
        if (i === 1) ctx.lineTo(b[1], b[2]);
        ctx.bezierCurveTo(b[1] + (c[1] - a[1]) / 6, b[2] + (c[2] - a[2]) / 6, c[1] - (d[1] - b[1]) / 6, c[2] - (d[2] - b[2]) / 6, c[1], c[2]);
      }
      if (close) ctx.closePath();
      shape = null; paint();
    },
    push() { ready(); ctx.save(); stack.push({...s}); }, pop() { if (stack.length) { ctx.restore(); s = stack.pop(); } },
    translate(x, y = 0) { ready(); ctx.translate(x.x ?? x, x.y ?? y); }, rotate(a) { ready(); ctx.rotate(angle(a)); },
    scale(x, y = x) { ready(); ctx.scale(x, y); }, shearX(a) { ctx.transform(1, 0, M.tan(angle(a)), 1, 0, 0); },
    shearY(a) { ctx.transform(1, M.tan(angle(a)), 0, 1, 0, 0); }, resetMatrix() { ready(); ctx.setTransform(DPR, 0, 0, DPR, 0, 0); },
    text(words, x, y) { font(); String(words).split('\n').forEach((line, i) => { const at = y + i * (s.leading || s.size * 1.25);
      if (s.stroke && s.inked) { ctx.strokeStyle = s.stroke; ctx.strokeText(line, x, at); }
      if (s.fill) { ctx.fillStyle = s.fill; ctx.fillText(line, x, at); } }); },
    textSize(n) { if (n) s.size = n; return s.size; }, textAlign(h, v) { s.h = h; s.v = v || s.v; }, textFont(f, n) { s.font = f; s.size = n || s.size; },
    textStyle(v) { s.style = v; }, textLeading(n) { s.leading = n; }, textWidth(t) { font(); return ctx.measureText(t).width; },
    random(a, b) { const r = chance(); return Array.isArray(a) ? a[M.floor(r * a.length)] : a === undefined ? r : b === undefined ? r * a : a + r * (b - a); },
    randomSeed(n) { state = n | 0; spare = null; },
    randomGaussian(mean = 0, sd = 1) { if (spare !== null) { const z = spare; spare = null; return mean + sd * z; }
      const r = M.sqrt(-2 * M.log(1 - chance())), t = 2 * M.PI * chance(); spare = r * M.sin(t); return mean + sd * r * M.cos(t); },
    noise, noiseSeed: seedNoise, noiseDetail(n, f) { octaves = n; falloff = f ?? falloff; },
    shuffle: v => { v = [...v]; for (let i = v.length; i > 1;) { const j = M.floor(chance() * i--); [v[i], v[j]] = [v[j], v[i]]; } return v; },
    map: (v, a, b, c, d, within) => { const t = c + (v - a) / (b - a) * (d - c); return within ? M.max(M.min(c, d), M.min(M.max(c, d), t)) : t; },
    lerp: (a, b, t) => a + (b - a) * t, norm: (v, a, b) => (v - a) / (b - a), constrain: (v, a, b) => M.max(a, M.min(b, v)),
    dist: (...v) => v.length > 4 ? M.hypot(v[0] - v[3], v[1] - v[4], v[2] - v[5]) : M.hypot(v[0] - v[2], v[1] - v[3]),
    mag: M.hypot, sq: v => v * v, round: (v, n = 0) => M.round(v * 10 ** n) / 10 ** n, fract: v => v - M.floor(v), int: v => M.trunc(v),
    float: parseFloat, str: String, atan2: (y, x) => unangle(M.atan2(y, x)), radians: a => a * M.PI / 180, degrees: a => a * 180 / M.PI,
    nf: (v, l, r) => v.toFixed(r ?? 0).padStart(l + (r ? r + 1 : 0), '0'), createVector: (...v) => new Vector(...v),
    millis: () => performance.now() - begun, second: () => new Date().getSeconds(), minute: () => new Date().getMinutes(), hour: () => new Date().getHours(),
    frameRate(n) { if (n) fps = n; return fps; }, noLoop() { looping = false; }, loop() { if (!looping) { looping = true; requestAnimationFrame(tick); } },
    isLooping: () => looping, redraw: () => frame(), print: console.log, noCursor() {}, cursor() {}, save() {}, saveCanvas() {}, describe() {},
  });
  Object.assign(W, P, {p5: {Vector, Color}});

  const frame = () => {
    if (!W.draw || broken) return;
    const now = performance.now();
    W.deltaTime = now - last; last = now; W.frameCount++;
    P.resetMatrix(); W.draw();
    W.pmouseX = W.mouseX; W.pmouseY = W.mouseY;
  };
  const tick = now => {
    if (!looping || broken) return;
    requestAnimationFrame(tick);
    if (now < due - 2) return;
    due = M.max(due + 1000 / fps, now);
    frame();
  };
  const call = (name, event) => { if (typeof W[name] === 'function' && W[name] !== P[name]) W[name](event); };
  const point = event => { if (!canvas) return; const r = canvas.getBoundingClientRect();
    W.mouseX = (event.clientX - r.left) * W.width / r.width; W.mouseY = (event.clientY - r.top) * W.height / r.height; };
  addEventListener('pointermove', e => { point(e); call(W.mouseIsPressed ? 'mouseDragged' : 'mouseMoved', e); });
  addEventListener('pointerdown', e => { point(e); W.mouseIsPressed = true; call('mousePressed', e); });
  addEventListener('pointerup', e => { point(e); W.mouseIsPressed = false; call('mouseReleased', e); });
  addEventListener('click', e => call('mouseClicked', e));
  addEventListener('keydown', e => { W.key = e.key; W.keyCode = e.keyCode; W.keyIsPressed = true; call('keyPressed', e); });
  addEventListener('keyup', e => { W.keyIsPressed = false; call('keyReleased', e); });
  W.startSketch = () => {
    begun = last = performance.now();
    call('preload'); call('setup'); ready();
    // Who asked for less motion gets the first frame; a click plays and stops.
    if (W.draw && looping && matchMedia('(prefers-reduced-motion:reduce)').matches) {
      looping = false; frame();
      addEventListener('click', () => { looping = !looping; tick(performance.now()); });
    } else if (looping) tick(begun); else frame();
  };
})();
