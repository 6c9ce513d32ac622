'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const report = document.getElementById('report'), contents = document.getElementById('contents');
  const charts = [];

  // Text enters the page as text nodes alone, so names need no escaping here; tooltips take elements, too.
  function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes ?? {})) if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
    made.append(...children.flat().filter(child => child !== null && child !== undefined));
    return made;
  }

  const whole = number => number.toLocaleString('en-US');
  const percent = (share, digits = 1) => share === null || share === undefined ? '–' : (100 * share).toFixed(digits) + ' %';
  const fixed = (number, digits = 4) => number === null || number === undefined ? '–' : Math.abs(number) >= 1e5 || (number !== 0 && Math.abs(number) < 1e-4) ? number.toExponential(2) : number.toFixed(digits);
  const tick = number => Math.abs(number) >= 1e6 || (number !== 0 && Math.abs(number) < 1e-4) ? number.toExponential() : number.toLocaleString('en-US', { maximumFractionDigits: 6 });
  const seconds = number => number < 90 ? number.toFixed(1) + ' s' : number < 5400 ? (number / 60).toFixed(1) + ' min' : (number / 3600).toFixed(1) + ' h';
  const byName = (a, b) => a.localeCompare(b, 'en', { numeric: true });

  function section(id, title, text, page) {
    const made = element('section', { id, class: page && 'page', 'aria-labelledby': id + '-title' }, element('h2', { id: id + '-title' }, title), element('p', {}, text));
    report.append(made);
    contents.append(element('a', { href: '#' + id }, title));
    return made;
  }

  // Charts: an option is a function of the colours, so that light, dark and print draw the same marks anew.
  function colours() {
    const probe = element('span', {});
    document.body.append(probe);
    const found = {};
    for (const name of ['paper', 'panel', 'ink', 'soft', 'rule', 'accent', 'wrong', 'first', 'second', 'third', 'pale']) {
      probe.style.color = `var(--${name})`;
      found[name] = getComputedStyle(probe).color;
    }
    probe.remove();
    return found;
  }

  const paper = 680;   // pixels across a page
  let room = Infinity;
  function draw(entry, colour) {
    const width = Math.min(entry.holder.clientWidth, room), option = entry.option(colour, width), height = entry.height(width);
    if (height !== entry.drawn) entry.holder.style.height = (entry.drawn = height) + 'px';
    entry.chart ??= echarts.init(entry.holder, null, { renderer: entry.renderer ?? 'svg', width, height });
    entry.chart.resize({ width, height });
    entry.chart.setOption({
      animation: false, backgroundColor: 'transparent', color: [colour.first, colour.second, colour.third],
      textStyle: { color: colour.ink, fontFamily: 'system-ui, sans-serif' }, ...option,
      tooltip: { confine: true, backgroundColor: colour.panel, borderColor: colour.rule, textStyle: { color: colour.ink, fontSize: 13 }, ...option.tooltip },
    }, { notMerge: true });
    entry.holder.dataset.marks = marks(entry.chart);
  }

  // What is visible of the series, for whoever checks that a chart is not empty.
  function marks(chart) {
    let count = 0;
    chart.getModel().eachSeries(series => chart.getViewOfSeriesModel(series).group.traverse(mark => {
      if (mark.isGroup || mark.ignore || mark.invisible) return;
      const box = mark.getBoundingRect();
      if (box && (box.width > 0 || box.height > 0)) count++;
    }));
    return count;
  }

  function drawAll() {
    const colour = colours();
    for (const entry of charts) draw(entry, colour);
  }

  function chart(parent, id, title, text, height, option, renderer) {
    const holder = element('div', { id, class: 'chart', role: 'img', 'aria-label': title + '. ' + text });
    parent.append(element('figure', {}, element('h3', {}, title), element('p', {}, text), holder));
    const entry = { holder, option, height: typeof height === 'function' ? height : () => height, renderer };
    charts.push(entry);
    return entry;
  }

  const grid = (more = {}) => ({ left: 8, right: 16, top: 36, bottom: 30, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel', ...more });
  const axis = (colour, name, more = {}) => ({
    type: 'value', name, nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: colour.soft }, axisLabel: { color: colour.soft, formatter: more.type === 'category' ? undefined : tick, ...more.axisLabel },
    axisLine: { lineStyle: { color: colour.rule } }, splitLine: { lineStyle: { color: colour.rule } }, ...Object.fromEntries(Object.entries(more).filter(([key]) => key !== 'axisLabel')),
  });
  const legend = (colour, more = {}) => ({ type: 'scroll', top: 0, left: 8, textStyle: { color: colour.ink }, pageTextStyle: { color: colour.ink }, pageIconColor: colour.accent, ...more });
  const lines = (...texts) => element('div', {}, texts.filter(text => text).map(text => element('div', {}, text)));
  const zoom = (count, shown, orient = 'horizontal') => count <= shown ? [] : [
    { type: 'slider', orient, startValue: 0, endValue: shown - 1, height: orient === 'horizontal' ? 18 : undefined, width: orient === 'vertical' ? 14 : undefined, bottom: 4, brushSelect: false, showDetail: false },
    { type: 'inside', orient, startValue: 0, endValue: shown - 1, zoomOnMouseWheel: 'ctrl', moveOnMouseWheel: false }];

  // Tables: a button in each head sorts.
  function table(parent, label, columns, rows, foot = [], tall = false) {
    const body = element('tbody', {}), heads = element('tr', {});
    const fill = sorted => body.replaceChildren(...sorted.map(row => element('tr', {}, columns.map(column => cell(column, row)))));
    const cell = (column, row) => element('td', { class: column.text && 'text' }, row[column.key] === undefined || row[column.key] === null ? '–' : column.show ? column.show(row[column.key]) : String(row[column.key]));
    for (const column of columns) {
      const button = element('button', { type: 'button' }, column.title), head = element('th', { scope: 'col', class: column.text && 'text', 'aria-sort': 'none' }, button);
      button.addEventListener('click', () => {
        const down = head.getAttribute('aria-sort') === (column.text ? 'ascending' : 'none') || head.getAttribute('aria-sort') === 'ascending';
        for (const other of heads.children) other.setAttribute('aria-sort', 'none');
        head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const order = (a, b) => column.text ? byName(String(a[column.key]), String(b[column.key])) : (a[column.key] ?? -Infinity) - (b[column.key] ?? -Infinity);
        fill([...rows].sort((a, b) => down ? order(b, a) : order(a, b)));
      });
      heads.append(head);
    }
    fill(rows);
    const feet = foot.map(row => element('tr', {}, columns.map(column => cell(column, row))));
    parent.append(element('div', { class: tall ? 'wide tall' : 'wide', tabindex: 0, role: 'region', 'aria-label': label },
      element('table', {}, element('thead', {}, heads), body, feet.length > 0 ? element('tfoot', {}, feet) : null)));
  }

  function tiles(parent, title, text, images, small) {
    if (images.length === 0) return;
    if (title) parent.append(element('h3', {}, title));
    if (text) parent.append(element('p', {}, text));
    parent.append(element('div', { class: small ? 'tiles small' : 'tiles' }, images.map(image => element('figure', {},
      element('img', { src: image.source, alt: image.text, title: image.text, style: `--shape:${image.width}/${image.height}` }),
      (image.lines ?? []).length === 0 ? null : element('figcaption', {}, image.lines.map((line, i) => element('span', { class: image.isWrong && i === 0 ? 'wrong' : i > 0 ? 'soft' : null }, line)))))));
  }

  function summary() {
    report.replaceChildren();
    report.append(element('dl', { class: 'facts' }, data.facts.map(fact => element('div', {}, element('dt', {}, fact.name), element('dd', {}, fact.value)))));
  }

  function results() {
    const found = data.results;
    if (!found) return;
    const names = found.classes.map(one => one.name);
    const part = section('results', 'Results', `What the network says of ${whole(found.rows)} test images, none of which it should have learned from.`);
    if (found.note) part.append(element('p', {}, found.note));
    const both = element('div', { class: 'charts' }), side = element('div', {});
    part.append(both);
    confusion(both, found, names);
    if (found.pairs.length > 0) {
      both.append(side);
      side.append(element('h3', {}, 'Most confused pairs'), element('p', {}, 'Which class is taken for which, the most frequent first. Share: of the true class.'));
      table(side, 'Most confused pairs', [
        { key: 'actual', title: 'True class', text: true }, { key: 'predicted', title: 'Predicted', text: true },
        { key: 'count', title: 'Images', show: whole }, { key: 'share', title: 'Share', show: share => percent(share) }],
        found.pairs.map(pair => ({ actual: names[pair.actual], predicted: names[pair.predicted], count: pair.count, share: pair.share })));
    }
    perClass(part, found);
    const pair = element('div', { class: 'charts' });
    part.append(pair);
    calibration(pair, found);
    if (found.topK.length > 1) topK(pair, found);
  }

  // Right and wrong have scales of their own, or the few mistakes would be as pale as none.
  function confusion(part, found, names) {
    const many = 30, most = 20, supports = found.classes.map(one => one.support);
    const all = names.map((_, i) => i).sort((a, b) => byName(names[a], names[b])), worst = new Set();
    for (const pair of found.confusion.filter(([actual, predicted]) => actual !== predicted).slice(0, most)) if (worst.size < most) worst.add(pair[0]).add(pair[1]);
    for (const one of all) if (worst.size < most) worst.add(one);
    let shown = names.length > many ? all.filter(one => worst.has(one)) : all;
    const room = width => Math.round(Math.min(110, width * 0.22, 14 + 7 * Math.max(...shown.map(one => [...names[one]].length))));
    const side = width => Math.round(Math.min(width - 20, 640, 90 * shown.length + 80));
    const entry = chart(part, 'confusion', 'Confusion matrix',
      'A row for each true class, a column for each predicted one. Blue: right, the share of the row. Orange: mistakes, stronger where there are more. Point at a cell for its numbers.',
      width => side(width) - room(width) * 0.25 + (shown.length > 60 ? 24 : 4), (colour, width) => {
        const places = new Map(shown.map((one, i) => [one, i])), right = [], wrong = [];
        for (const [actual, predicted, count] of found.confusion) {
          const [x, y] = [places.get(predicted), places.get(actual)];
          if (x === undefined || y === undefined) continue;
          (actual === predicted ? right : wrong).push([x, y, count / supports[actual], count]);
        }
        const [left, top, low] = [room(width) + 26, 4, room(width) * 0.75 + 30], size = side(width) - room(width) - 34, texts = size / shown.length > 30, zoomed = shown.length > 60;
        const scale = { type: 'category', data: shown.map(one => names[one]), axisTick: { show: false }, axisLine: { lineStyle: { color: colour.rule } } };
        const label = { color: colour.soft, width: room(width), overflow: 'truncate', fontSize: 12, interval: size / shown.length >= 13 ? 0 : 'auto', hideOverlap: true };
        const peak = wrong.reduce((top, point) => Math.max(top, point[2]), 1e-9);
        const series = (name, points) => ({
          name, type: 'heatmap', data: points.map(value => ({ value, label: { color: name === 'wrong' && value[2] > 0.75 * peak ? colour.paper : colour.ink } })), label: { show: texts, formatter: point => whole(point.value[3]) },
          itemStyle: { borderColor: colour.paper, borderWidth: shown.length <= 60 ? 1 : 0 }, emphasis: { itemStyle: { borderColor: colour.ink, borderWidth: 1 } } });
        const map = (index, top, colors) => ({ type: 'continuous', show: false, seriesIndex: index, dimension: 2, min: 0, max: top, inRange: { color: colors } });
        return {
          grid: { left, top, width: size, height: size },
          xAxis: { ...scale, name: 'predicted', nameLocation: 'middle', nameGap: low - 14, nameTextStyle: { color: colour.soft }, axisLabel: { ...label, rotate: 45 } },
          yAxis: { ...scale, name: 'true', nameLocation: 'middle', nameGap: room(width) + 8, nameTextStyle: { color: colour.soft }, inverse: true, axisLabel: label },
          visualMap: [map(0, 1, [colour.panel, colour.pale]), map(1, peak, [colour.panel, colour.second])],
          dataZoom: !zoomed ? [] : [
            { type: 'inside', xAxisIndex: 0, zoomOnMouseWheel: 'ctrl' }, { type: 'inside', yAxisIndex: 0, zoomOnMouseWheel: 'ctrl' },
            { type: 'slider', xAxisIndex: 0, top: top + size + low - 4, height: 14, showDetail: false }, { type: 'slider', yAxisIndex: 0, left: left + size + 2, width: 12, showDetail: false }],
          series: [series('right', right), series('wrong', wrong)],
          tooltip: { formatter: point => {
            const [x, y, share, count] = point.value, actual = shown[y], predicted = shown[x];
            return lines(`true: ${names[actual]}`, `predicted: ${names[predicted]}`, `${whole(count)} of ${whole(supports[actual])} (${percent(share)})`);
          } },
        };
      }, names.length > 60 ? 'canvas' : 'svg');
    if (names.length <= many) return;
    const choice = element('select', { id: 'confusion-classes' }, element('option', { value: 'worst' }, `the ${worst.size} most confused classes`), element('option', { value: 'all' }, `all ${whole(names.length)} classes`));
    choice.addEventListener('change', () => { shown = choice.value === 'worst' ? all.filter(one => worst.has(one)) : all; draw(entry, colours()); });
    entry.holder.before(element('p', {}, element('label', { for: 'confusion-classes' }, 'Shown: '), choice, ' Of all, the bars beside the matrix show a part.'));
    if (found.leftOut > 0) entry.holder.after(element('p', {}, `${whole(found.leftOut)} images in the rarest cells are not drawn.`));
  }

  function perClass(part, found) {
    const order = [...found.classes].sort((a, b) => (a.f1 ?? 2) - (b.f1 ?? 2)), shown = 20;
    chart(part, 'classes', 'Precision, recall and F1 of each class',
      'Precision: how many of the images given this class have it. Recall: how many of the images that have it were given it. F1: their harmonic mean. The worst class first.',
      320, (colour, width) => ({
        legend: legend(colour), grid: grid({ bottom: order.length > shown ? 50 : 30 }),
        xAxis: axis(colour, '', { type: 'category', data: order.map(one => one.name), axisLabel: { interval: 0, rotate: order.length * 80 > width ? 40 : 0, width: 90, overflow: 'truncate' } }),
        yAxis: axis(colour, '', { min: 0, max: 1 }), dataZoom: zoom(order.length, shown), tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: points => {
          const one = order[points[0].dataIndex];
          return lines(one.name, `precision ${percent(one.precision)}`, `recall ${percent(one.recall)}`, `F1 ${percent(one.f1)}`, `${whole(one.support)} test images`);
        } },
        series: [['precision', 'precision'], ['recall', 'recall'], ['F1', 'f1']].map(([name, key]) => ({ name, type: 'bar', barMaxWidth: 14, data: order.map(one => one[key]) })),
      }));
    table(part, 'Scores of each class', [
      { key: 'name', title: 'Class', text: true }, { key: 'precision', title: 'Precision', show: share => percent(share) }, { key: 'recall', title: 'Recall', show: share => percent(share) },
      { key: 'f1', title: 'F1', show: share => percent(share) }, { key: 'support', title: 'Test images', show: whole }], [...found.classes].sort((a, b) => byName(a.name, b.name)), found.averages, true);
  }

  function calibration(part, found) {
    const bins = found.calibration.bins.filter(bin => bin.count > 0);
    chart(part, 'calibration', 'Calibration',
      `Are the probabilities true? Of all predictions made with 80 % probability, 80 % should be right: on the dashed line. Expected calibration error: ${percent(found.calibration.error, 2)}.`,
      320, colour => ({
        legend: legend(colour), grid: grid({ bottom: 44 }),
        xAxis: axis(colour, 'probability of the predicted class', { min: 0, max: 1 }), yAxis: axis(colour, '', { min: 0, max: 1 }),
        tooltip: { formatter: point => point.seriesIndex > 1 ? '' : lines(`probability ${percent(bins[point.dataIndex].confidence)}`, `right ${percent(bins[point.dataIndex].accuracy)}`, `${whole(bins[point.dataIndex].count)} images`) },
        series: [
          { name: 'share that is right', type: 'line', symbol: 'circle', symbolSize: 9, data: bins.map(bin => [bin.confidence, bin.accuracy]) },
          { name: 'share of the images', type: 'bar', barWidth: 12, itemStyle: { color: colour.pale }, data: bins.map(bin => [bin.confidence, bin.count / found.rows]) },
          { name: 'perfect', type: 'line', symbol: 'none', silent: true, lineStyle: { type: 'dashed', width: 1, color: colour.soft }, itemStyle: { color: colour.soft }, data: [[0, 0], [1, 1]] }],
      }));
  }

  function topK(part, found) {
    const low = Math.floor(Math.min(...found.topK) * 10 - 1e-9) / 10;
    chart(part, 'top-k', 'Top-k accuracy', 'How often the true class is among the k most probable ones.', 320, colour => ({
      grid: grid({ top: 24, bottom: 44 }), xAxis: axis(colour, 'k', { type: 'category', data: found.topK.map((_, i) => i + 1) }),
      yAxis: axis(colour, '', { max: 1, min: low, interval: low < 0.8 ? 0.1 : 0.05 }),
      tooltip: { formatter: point => lines(`among the first ${point.dataIndex + 1}: ${percent(found.topK[point.dataIndex], 2)}`) },
      series: [{ name: 'top-k', type: 'line', symbol: 'circle', symbolSize: 8, data: found.topK, label: { show: found.topK.length <= 5, position: 'bottom', color: colour.ink, formatter: point => percent(point.value) } }],
    }));
  }

  function images() {
    if (data.mistakes.length + data.leastCertain.length === 0) return;
    const part = section('images', 'Images', 'Single test images: what was predicted and how probable it seemed, and what is true. Mistakes that are certain often are labels that are wrong.', true);
    tiles(part, 'The most certain mistakes', 'Wrong, and sure of it: look for wrong labels, doubtful classes and kinds of images that training lacked.', data.mistakes);
    tiles(part, 'The least certain hits', 'Right, but nearly not: images between two classes.', data.leastCertain);
  }

  function training() {
    const run = data.training;
    if (!run) return;
    const part = section('training', 'Training', 'How the network learned. Training and validation should fall together; where validation turns up while training still falls, the network learns its images by heart.', true);
    const pair = element('div', { class: 'charts' }), epochs = run.epochs, at = epochs.map(one => one.epoch), best = run.bestEpoch;
    part.append(pair);
    const mark = colour => best && at.includes(best) ? { markLine: { silent: true, symbol: 'none', label: { formatter: 'best epoch: ' + best, color: colour.soft, align: best === at[0] ? 'left' : best === at[at.length - 1] ? 'right' : 'center' }, lineStyle: { color: colour.soft, type: 'dashed' }, data: [{ xAxis: best }] } } : {};
    const line = (name, values, more) => ({ name, type: 'line', symbol: 'circle', showSymbol: epochs.length <= 40, symbolSize: 6, connectNulls: false, data: at.map((epoch, i) => [epoch, values[i]]), ...more });
    const byEpoch = (id, title, text, values, checked) => chart(pair, id, title, text, 300, colour => ({
      legend: checked.some(value => value !== null) ? legend(colour) : undefined, grid: grid({ bottom: 44 }), tooltip: { trigger: 'axis', formatter: points => lines(`epoch ${points[0].value[0]}`, ...points.map(point => `${point.seriesName}: ${fixed(point.value[1])}`)) },
      xAxis: axis(colour, 'epoch', { min: at[0] === at[at.length - 1] ? at[0] - 1 : at[0], max: at[at.length - 1], minInterval: 1 }), yAxis: axis(colour, '', { scale: true }),
      series: [line('training', values, mark(colour)), ...checked.some(value => value !== null) ? [line('validation', checked)] : []],
    }));
    if (run.losses.length > 0) {
      chart(pair, 'steps', 'Loss of each step', 'Pale: single batches. Strong: the mean of their neighbours, whose slope says whether there is more to learn.', 300, colour => ({
        legend: legend(colour), grid: grid({ bottom: 44 }), xAxis: axis(colour, 'step', { min: 1, max: Math.max(2, run.steps), minInterval: 1 }), yAxis: axis(colour, '', { scale: true }),
        tooltip: { trigger: 'axis', formatter: points => lines(`step ${whole(points[0].value[0])}`, ...points.map(point => `${point.seriesName}: ${fixed(point.value[1])}`)) },
        series: [{ name: 'each batch', type: 'line', symbol: run.losses.length > 1 ? 'none' : 'circle', lineStyle: { width: 1, color: run.means.length > 0 ? colour.pale : colour.first }, itemStyle: { color: run.means.length > 0 ? colour.pale : colour.first }, data: run.losses },
          ...run.means.length > 0 ? [{ name: `mean of ${whole(run.window)}`, type: 'line', symbol: 'none', itemStyle: { color: colour.first }, data: run.means }] : []],
      }));
    }
    if (epochs.length === 0) return;
    byEpoch('loss', 'Loss of each epoch', 'What training makes small, as a mean over the rows' + (best ? '; a dashed line at the best epoch.' : '.'), epochs.map(one => one.loss), epochs.map(one => one.validationLoss ?? null));
    for (const [i, name] of run.metrics.entries())
      byEpoch('metric-' + i, name[0].toUpperCase() + name.slice(1) + ' of each epoch', 'Training rows as they were met, validation rows after the epoch.', epochs.map(one => one.metrics[name] ?? null), epochs.map(one => one.validationMetrics?.[name] ?? null));
    chart(pair, 'rate', 'Learning rate', 'How far a step went, at the end of each epoch.', 300, colour => ({
      grid: grid({ bottom: 44, top: 16 }), xAxis: axis(colour, 'epoch', { min: at[0] === at[at.length - 1] ? at[0] - 1 : at[0], max: at[at.length - 1], minInterval: 1 }), yAxis: axis(colour, '', {}),
      tooltip: { trigger: 'axis', formatter: points => lines(`epoch ${points[0].value[0]}`, `learning rate ${points[0].value[1].toPrecision(3)}`) }, series: [line('learning rate', epochs.map(one => one.learningRate))],
    }));
    part.append(element('h3', {}, 'Epochs'));
    table(part, 'Epochs', [
      { key: 'epoch', title: 'Epoch' }, { key: 'loss', title: 'Loss', show: value => fixed(value) }, ...run.metrics.map((name, i) => ({ key: 'm' + i, title: name[0].toUpperCase() + name.slice(1), show: value => fixed(value) })),
      ...epochs.some(one => one.validationLoss !== undefined) ? [{ key: 'validationLoss', title: 'Validation loss', show: value => fixed(value) }, ...run.metrics.map((name, i) => ({ key: 'v' + i, title: 'Validation ' + name, show: value => fixed(value) }))] : [],
      { key: 'learningRate', title: 'Learning rate', show: value => Number(value.toPrecision(3)).toString() }, { key: 'seconds', title: 'Time', show: seconds }, { key: 'imagesPerSecond', title: 'Images/s', show: value => whole(Math.round(value)) }],
      epochs.map(one => ({ ...one, ...Object.fromEntries(run.metrics.flatMap((name, i) => [['m' + i, one.metrics[name]], ['v' + i, one.validationMetrics?.[name]]])) })), [], true);
  }

  function network() {
    const net = data.network;
    const part = section('network', 'Network', `The layers from the image (${net.image}) to the outputs: ${whole(net.parameters)} trained parameters, ${whole(net.multiplyAdds)} multiplications for one image.`, true);
    part.append(element('h3', {}, 'Diagram'), element('p', {}, 'Each box says what a layer makes: channels, height and width. Blue edge: the layer has parameters that were trained.'));
    const inner = (layers, start, prefix) => {
      const list = element('ol', { class: 'flow' });
      let i = start;
      while (i < layers.length && layers[i].path.startsWith(prefix)) {
        const layer = layers[i], [nested, next] = inner(layers, i + 1, layer.path + '.');
        list.append(element('li', {}, element('div', { class: layer.parameters > 0 ? 'box learns' : 'box' }, element('b', {}, layer.name), element('span', {}, layer.output), layer.parameters > 0 ? element('span', { class: 'soft' }, ` · ${whole(layer.parameters)}`) : null, nested.children.length > 0 ? nested : null)));
        i = next;
      }
      return [list, i];
    };
    part.append(inner(net.layers, 0, '')[0], element('h3', {}, 'Table'), element('p', {}, 'Multiply-adds say where the time goes, parameters where the memory goes.'));
    table(part, 'Layers', [
      { key: 'path', title: 'Path', text: true }, { key: 'name', title: 'Layer', text: true }, { key: 'input', title: 'In' }, { key: 'output', title: 'Out' }, { key: 'parameters', title: 'Parameters', show: whole }, { key: 'multiplyAdds', title: 'Multiply-adds', show: whole }],
      net.layers, [{ path: 'all', name: '', input: '', output: '', parameters: net.parameters, multiplyAdds: net.multiplyAdds }], true);
  }

  function insight() {
    if (data.filters.length + data.attention.length + data.maps.length === 0) return;
    const part = section('insight', 'What it looks at', 'Pictures of the inside: where a decision comes from, and what the first layers answer to.', true);
    for (const group of [...data.attention, ...data.filters, ...data.maps]) tiles(part, group.title, group.text, group.images, group.isSmall);
  }

  function rows() {
    const part = data.balance.length > 0 || data.samples.length > 0 || data.skipped ? section('data', 'Data', 'What there was to learn from, and to judge by.', true) : null;
    if (!part) return;
    const balance = [...data.balance].sort((a, b) => byName(a.name, b.name));
    if (balance.length > 0) {
      const trained = balance.some(one => one.training !== undefined), tested = balance.some(one => one.test !== undefined), many = 30;
      chart(part, 'balance', 'Images of each class', 'A class with far fewer images than the others is learned worse, and judged less exactly.', width => 300, (colour, width) => ({
        legend: legend(colour), grid: grid({ bottom: balance.length > many ? 50 : 30 }), dataZoom: zoom(balance.length, many), tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' }, formatter: points => lines(balance[points[0].dataIndex].name, ...points.map(point => `${point.seriesName}: ${whole(point.value)}`)) },
        xAxis: axis(colour, '', { type: 'category', data: balance.map(one => one.name), axisLabel: { interval: 0, rotate: balance.length * 80 > width ? 40 : 0, width: 90, overflow: 'truncate' } }), yAxis: axis(colour, '', { minInterval: 1 }),
        series: [...trained ? [{ name: 'training', type: 'bar', barMaxWidth: 28, data: balance.map(one => one.training) }] : [], ...tested ? [{ name: 'test', type: 'bar', barMaxWidth: 28, itemStyle: { color: colour.second }, data: balance.map(one => one.test) }] : []],
      }));
    }
    tiles(part, 'Some test images', 'As they came, some of each class; red where the prediction is wrong.', data.samples);
    if (data.pixels) pixels(part);
    if (data.skipped) {
      part.append(element('h3', {}, 'Skipped files'), element('p', {}, `${whole(data.skipped.count)} images could not be used in training and were ${data.skipped.isReplaced ? 'replaced by black ones' : 'left out'}.` + (data.skipped.images.length < data.skipped.count ? ` The first ${data.skipped.images.length}:` : '')));
      table(part, 'Skipped files', [{ key: 'rows', title: 'Rows', text: true }, { key: 'row', title: 'Row', show: whole }, { key: 'path', title: 'File', text: true }, { key: 'reason', title: 'Why', text: true }], data.skipped.images, [], true);
    }
  }

  function pixels(part) {
    const found = data.pixels, names = found.channels.map(one => one.name), step = (found.to - found.from) / found.bins;
    chart(part, 'pixels', 'Pixel values', `How dark and bright the test images are, over ${whole(found.values)} values${found.isSample ? ', a sample' : ''}. Training images should look alike.`, 280, colour => ({
      legend: names.length > 1 ? legend(colour) : undefined, grid: grid({ bottom: 44 }), xAxis: axis(colour, 'value', { min: found.from, max: found.to }), yAxis: axis(colour, '', { axisLabel: { formatter: value => percent(value, 0) } }),
      tooltip: { trigger: 'axis', formatter: points => lines(`about ${Number(points[0].value[0].toPrecision(3))}`, ...points.map(point => `${point.seriesName}: ${percent(point.value[1])}`)) },
      series: found.channels.map((one, i) => ({ name: one.name, type: 'line', symbol: 'none', step: 'middle', areaStyle: { opacity: 0.15 }, itemStyle: { color: names.length === 3 ? [colour.second, colour.third, colour.first][i] : colour.first }, data: one.shares.map((share, bin) => [found.from + (bin + 0.5) * step, share]) })),
    }));
    table(part, 'Pixel statistics', [{ key: 'name', title: 'Channel', text: true }, { key: 'mean', title: 'Mean', show: value => fixed(value) }, { key: 'deviation', title: 'Standard deviation', show: value => fixed(value) }, { key: 'least', title: 'Least', show: value => fixed(value) }, { key: 'most', title: 'Most', show: value => fixed(value) }], found.channels);
  }

  function run() {
    const part = section('run', 'Run', 'All that it takes to train the same network again.');
    const list = (title, pairs) => pairs.length === 0 ? [] : [element('h3', {}, title), element('dl', { class: 'run' }, pairs.flatMap(pair => [element('dt', {}, pair.name), element('dd', {}, pair.value)]))];
    part.append(...data.run.length === 0 ? [element('p', {}, 'The model has no training history.')] : [], ...list('Options', data.run), ...list('Versions', data.versions));
  }

  const parts = [summary, results, images, training, network, insight, rows, run];
  for (const part of parts) part();

  const dark = matchMedia('(prefers-color-scheme: dark)'), button = document.getElementById('theme'), root = document.documentElement;
  const isDark = () => (root.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  function themed() {
    button.setAttribute('aria-pressed', isDark());
    drawAll();
  }
  button.addEventListener('click', () => { root.dataset.theme = isDark() ? 'light' : 'dark'; themed(); });
  dark.addEventListener('change', themed);
  themed();

  let waiting = 0;
  addEventListener('resize', () => { clearTimeout(waiting); waiting = setTimeout(drawAll, 100); });
  const printed = { theme: undefined };
  addEventListener('beforeprint', () => { printed.theme = root.dataset.theme; root.dataset.theme = 'light'; room = paper; drawAll(); });
  addEventListener('afterprint', () => { room = Infinity; if (printed.theme) root.dataset.theme = printed.theme; else delete root.dataset.theme; drawAll(); });
  root.dataset.drawn = charts.length;
})();
