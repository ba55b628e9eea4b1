"use strict";(self.rspackChunkgenart_nb=self.rspackChunkgenart_nb||[]).push([[232],{475(e,o,r){var i=r(601),t=r.n(i),a=r(314),n=r.n(a),p=r(146),l=r(306),d=r(842),s=r(174),c=r(967),g=n()(t());g.i(p.A),g.i(l.A),g.i(d.A),g.i(s.A),g.i(c.A),g.push([e.id,`/* Colours are the theme's own, so that light, dark and high contrast come with it. */
`,""]),r.d(o,{},{A:g})},967(e,o,r){var i=r(601),t=r.n(i),a=r(314),n=(r.n(a))()(t());n.push([e.id,`.ge-comparison {
  padding: 12px 20px;
  overflow: auto;
  font-size: var(--jp-ui-font-size1);
  color: var(--jp-ui-font-color1);
  background: var(--jp-layout-color1);
}

.ge-pair {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 260px), 1fr));
  gap: 16px;
}

.ge-pair figure {
  min-width: 0;
  margin: 0;
}

.ge-pair .ge-look img {
  max-height: 60vh;
}

.ge-pair .ge-look pre {
  max-height: 60vh;
}

.ge-pair figcaption {
  margin-top: 6px;
  color: var(--jp-ui-font-color2);
  overflow-wrap: anywhere;
}

.ge-comparison table {
  width: 100%;
  max-width: 900px;
  border-collapse: collapse;
}

.ge-comparison th,
.ge-comparison td {
  padding: 4px 8px;
  text-align: left;
  vertical-align: top;
  border-bottom: var(--jp-border-width) solid var(--jp-border-color2);
  overflow-wrap: anywhere;
}

.ge-comparison th {
  font-weight: 400;
  color: var(--jp-ui-font-color2);
}

.ge-differs td {
  font-weight: 600;
}

.ge-report {
  min-width: 320px;
  max-height: 60vh;
  overflow: auto;
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  white-space: pre-wrap;
}
`,""]),r.d(o,{},{A:n})},146(e,o,r){var i=r(601),t=r.n(i),a=r(314),n=(r.n(a))()(t());n.push([e.id,`.ge-fault {
  text-decoration: underline wavy var(--jp-error-color1);
  text-decoration-skip-ink: none;
  text-underline-offset: 3px;
}

.ge-tip {
  display: flex;
  flex-direction: column;
  gap: 2px;
  max-width: 420px;
  padding: 6px 8px;
  font-family: var(--jp-ui-font-family);
  font-size: var(--jp-ui-font-size1);
  color: var(--jp-ui-font-color1);
  white-space: pre-wrap;
}

.ge-tip strong {
  font-family: var(--jp-code-font-family);
  overflow-wrap: anywhere;
}

.ge-tip small {
  color: var(--jp-ui-font-color2);
}

.ge-tip em {
  color: var(--jp-error-color1);
  font-style: normal;
}
`,""]),r.d(o,{},{A:n})},306(e,o,r){var i=r(601),t=r.n(i),a=r(314),n=(r.n(a))()(t());n.push([e.id,`.ge-recipe {
  margin: 2px 0 6px;
  font-family: var(--jp-ui-font-family);
  font-size: var(--jp-ui-font-size0);
  color: var(--jp-ui-font-color2);
}

.ge-recipe summary {
  width: fit-content;
  padding: 2px 4px;
  cursor: pointer;
  border-radius: 2px;
}

.ge-recipe summary:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: 1px;
}

.ge-recipe dl {
  display: grid;
  grid-template-columns: max-content minmax(0, 1fr);
  gap: 2px 12px;
  margin: 4px;
  max-width: 72ch;
}

.ge-recipe dt {
  color: var(--jp-ui-font-color2);
}

.ge-recipe dd {
  margin: 0;
  color: var(--jp-ui-font-color1);
  font-family: var(--jp-code-font-family);
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}

.ge-malformed {
  padding: 4px 8px;
  color: var(--jp-ui-font-color1);
  border-left: 3px solid var(--jp-warn-color1);
}

.ge-recipe .ge-copy {
  height: 24px;
  font-size: var(--jp-ui-font-size0);
  line-height: 22px;
}
`,""]),r.d(o,{},{A:n})},842(e,o,r){var i=r(601),t=r.n(i),a=r(314),n=(r.n(a))()(t());n.push([e.id,`.ge-working button:focus-visible,
.ge-jobs button:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: 1px;
}

.ge-working {
  display: flex;
  align-items: center;
  gap: 6px;
  padding: 0 6px;
}

.ge-working-words {
  max-width: 46ch;
  padding: 0 4px;
  overflow: hidden;
  font: inherit;
  color: inherit;
  text-overflow: ellipsis;
  white-space: nowrap;
  cursor: pointer;
  background: none;
  border: 0;
}

.ge-working-words:hover {
  background: var(--jp-layout-color3);
}

.ge-working .ge-action,
.ge-jobs .ge-action {
  min-width: 0;
  height: 18px;
  padding: 0 8px;
  font-size: var(--jp-ui-font-size0);
  line-height: 16px;
  border: 1px solid currentcolor;
  border-radius: 2px;
}

.ge-working [hidden],
.ge-jobs [hidden] {
  display: none;
}

.ge-jobs {
  box-sizing: border-box;
  width: 380px;
  max-width: 96vw;
  max-height: 60vh;
  padding: 10px 12px;
  overflow: auto;
  font-size: var(--jp-ui-font-size1);
  color: var(--jp-ui-font-color1);
  background: var(--jp-layout-color1);
  border: var(--jp-border-width) solid var(--jp-border-color1);
}

.ge-jobs header {
  display: flex;
  justify-content: space-between;
  align-items: center;
}

.ge-jobs ul {
  margin: 4px 0;
  padding: 0;
  list-style: none;
}

.ge-jobs li {
  display: grid;
  grid-template-columns: minmax(0, 1fr) auto;
  gap: 2px 8px;
  align-items: center;
  padding: 4px 0;
}

.ge-jobs progress {
  grid-column: 1;
  width: 100%;
  height: 6px;
  accent-color: var(--jp-brand-color1);
}

.ge-jobs li > button {
  grid-row: 1;
  grid-column: 2;
}

.ge-job-title {
  grid-row: 1;
  overflow: hidden;
  text-overflow: ellipsis;
  white-space: nowrap;
}

.ge-job-words {
  grid-column: 1;
  color: var(--jp-ui-font-color2);
}

.ge-models,
.ge-empty {
  margin: 4px 0;
  color: var(--jp-ui-font-color2);
  overflow-wrap: anywhere;
}
`,""]),r.d(o,{},{A:n})},174(e,o,r){var i=r(601),t=r.n(i),a=r(314),n=(r.n(a))()(t());n.push([e.id,`.ge-studio {
  display: flex;
  flex-direction: column;
  min-width: 240px;
  height: 100%;
  font-size: var(--jp-ui-font-size1);
  color: var(--jp-ui-font-color1);
  background: var(--jp-layout-color1);
}

.ge-studio [hidden] {
  display: none;
}

.ge-tabs {
  display: flex;
  flex: none;
  border-bottom: var(--jp-border-width) solid var(--jp-border-color1);
}

.ge-tab {
  flex: 1;
  padding: 8px 4px;
  font: inherit;
  color: var(--jp-ui-font-color1);
  cursor: pointer;
  background: none;
  border: 0;
  border-bottom: 2px solid transparent;
}

.ge-tab[aria-selected="true"] {
  font-weight: 600;
  border-bottom-color: var(--jp-brand-color1);
}

.ge-tab:focus-visible,
.ge-look pre:focus-visible,
.ge-cards:focus-visible,
.ge-comparison:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: -2px;
}

.ge-works {
  display: flex;
  flex: 1;
  flex-direction: column;
  min-height: 0;
}

.ge-first {
  padding: 16px 12px;
}

.ge-first pre,
.ge-install code {
  padding: 8px;
  overflow: auto;
  font-family: var(--jp-code-font-family);
  font-size: var(--jp-code-font-size);
  background: var(--jp-layout-color2);
  border-radius: 4px;
}

.ge-search {
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
  padding: 8px;
}

.ge-search input,
.ge-search select {
  font-size: var(--jp-ui-font-size1);
}

.ge-search input {
  flex: 1 1 60%;
  min-width: 0;
}

.ge-search select {
  flex: 1 1 45%;
  min-width: 0;
  height: 28px;
  padding: 0 4px;
  color: var(--jp-ui-font-color1);
  background: var(--jp-layout-color1);
  border: var(--jp-border-width) solid var(--jp-border-color1);
  border-radius: 2px;
}

.ge-search .ge-action {
  height: 28px;
  padding: 0 10px;
  line-height: 26px;
}

.ge-search .ge-action[aria-pressed="true"] {
  color: var(--jp-ui-inverse-font-color1);
  background: var(--jp-brand-color1);
}

.ge-said {
  margin: 0 8px 4px;
  color: var(--jp-ui-font-color2);
  overflow-wrap: anywhere;
}

.ge-grid {
  position: relative;
  flex: 1 1 0;
  min-height: 120px;
  margin: 0 4px;
  overflow: hidden auto;
  contain: strict;
}

.ge-grid:focus-visible {
  outline: 2px solid var(--jp-brand-color1);
  outline-offset: -2px;
}

.ge-floor {
  position: relative;
}

.ge-tile {
  position: absolute;
  box-sizing: border-box;
  width: var(--ge-side);
  height: var(--ge-side);
  margin: 2px;
  overflow: hidden;
  cursor: grab;
  background: var(--jp-layout-color2);
  border: 2px solid transparent;
  border-radius: 4px;
}

.ge-tile[aria-selected="true"] {
  border-color: var(--jp-brand-color1);
}

.ge-tile img {
  width: 100%;
  height: 100%;
  object-fit: cover;
}

.ge-tile-words {
  display: block;
  padding: 6px;
  font-size: var(--jp-ui-font-size0);
  line-height: 1.4;
  color: var(--jp-ui-font-color1);
  overflow-wrap: anywhere;
}

.ge-star {
  position: absolute;
  top: 2px;
  right: 4px;
  color: var(--jp-warn-color1);
  text-shadow: 0 0 3px var(--jp-layout-color0);
}

.ge-detail {
  flex: none;
  max-height: 46%;
  padding: 8px;
  overflow: auto;
  border-top: var(--jp-border-width) solid var(--jp-border-color1);
}

.ge-look {
  display: flex;
  justify-content: center;
  min-height: 40px;
}

.ge-look img {
  display: block;
  max-width: 100%;
  max-height: 240px;
  border-radius: 4px;
}

.ge-look pre {
  flex: 1;
  max-height: 200px;
  margin: 0;
  overflow: auto;
  font-family: var(--jp-content-font-family);
  color: var(--jp-ui-font-color1);
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}

.ge-about p {
  max-height: 4.5em;
  margin: 6px 0 2px;
  overflow: auto;
  line-height: 1.5;
  overflow-wrap: anywhere;
}

.ge-about small {
  display: block;
  color: var(--jp-ui-font-color2);
  overflow-wrap: anywhere;
}

.ge-acts {
  display: flex;
  flex-wrap: wrap;
  gap: 4px;
  margin-top: 8px;
}

.ge-acts .ge-action,
.ge-install .ge-action {
  min-width: 0;
  height: 24px;
  padding: 0 8px;
  font-size: var(--jp-ui-font-size0);
  line-height: 22px;
}

.ge-cards {
  flex: 1;
  min-height: 0;
  padding: 0 8px;
  overflow: auto;
}

.ge-cards ul {
  margin: 0;
  padding: 0;
  list-style: none;
}

.ge-cards li {
  display: flex;
  flex-direction: column;
  gap: 2px;
  padding: 10px 0;
  border-bottom: var(--jp-border-width) solid var(--jp-border-color2);
}

.ge-cards header {
  display: flex;
  gap: 8px;
  justify-content: space-between;
}

.ge-facts,
.ge-weak,
.ge-unable,
.ge-state {
  color: var(--jp-ui-font-color2);
  overflow-wrap: anywhere;
}

.ge-ready {
  color: var(--jp-ui-font-color1);
}

.ge-ready::before {
  content: "✓ ";
}

.ge-install {
  display: flex;
  gap: 4px;
  align-items: center;
}

.ge-install code {
  flex: 1;
  user-select: all;
}

.ge-dragged {
  padding: 4px 8px;
  font-size: var(--jp-ui-font-size1);
  color: var(--jp-ui-font-color1);
  background: var(--jp-layout-color1);
  border: 1px solid var(--jp-brand-color1);
}
`,""]),r.d(o,{},{A:n})},314(e){e.exports=function(e){var o=[];return o.toString=function(){return this.map(function(o){var r="",i=void 0!==o[5];return o[4]&&(r+="@supports (".concat(o[4],") {")),o[2]&&(r+="@media ".concat(o[2]," {")),i&&(r+="@layer".concat(o[5].length>0?" ".concat(o[5]):""," {")),r+=e(o),i&&(r+="}"),o[2]&&(r+="}"),o[4]&&(r+="}"),r}).join("")},o.i=function(e,r,i,t,a){"string"==typeof e&&(e=[[null,e,void 0]]);var n={};if(i)for(var p=0;p<this.length;p++){var l=this[p][0];null!=l&&(n[l]=!0)}for(var d=0;d<e.length;d++){var s=[].concat(e[d]);i&&n[s[0]]||(void 0!==a&&(void 0===s[5]||(s[1]="@layer".concat(s[5].length>0?" ".concat(s[5]):""," {").concat(s[1],"}")),s[5]=a),r&&(s[2]&&(s[1]="@media ".concat(s[2]," {").concat(s[1],"}")),s[2]=r),t&&(s[4]?(s[1]="@supports (".concat(s[4],") {").concat(s[1],"}"),s[4]=t):s[4]="".concat(t)),o.push(s))}},o}},601(e){e.exports=function(e){return e[1]}},72(e){var o=[];function r(e){for(var r=-1,i=0;i<o.length;i++)if(o[i].identifier===e){r=i;break}return r}function i(e,i){for(var t={},a=[],n=0;n<e.length;n++){var p=e[n],l=i.base?p[0]+i.base:p[0],d=t[l]||0,s="".concat(l," ").concat(d);t[l]=d+1;var c=r(s),g={css:p[1],media:p[2],sourceMap:p[3],supports:p[4],layer:p[5]};if(-1!==c)o[c].references++,o[c].updater(g);else{var f=function(e,o){var r=o.domAPI(o);return r.update(e),function(o){o?(o.css!==e.css||o.media!==e.media||o.sourceMap!==e.sourceMap||o.supports!==e.supports||o.layer!==e.layer)&&r.update(e=o):r.remove()}}(g,i);i.byIndex=n,o.splice(n,0,{identifier:s,updater:f,references:1})}a.push(s)}return a}e.exports=function(e,t){var a=i(e=e||[],t=t||{});return function(e){e=e||[];for(var n=0;n<a.length;n++){var p=r(a[n]);o[p].references--}for(var l=i(e,t),d=0;d<a.length;d++){var s=r(a[d]);0===o[s].references&&(o[s].updater(),o.splice(s,1))}a=l}}},659(e){var o={};e.exports=function(e,r){var i=function(e){if(void 0===o[e]){var r=document.querySelector(e);if(window.HTMLIFrameElement&&r instanceof window.HTMLIFrameElement)try{r=r.contentDocument.head}catch(e){r=null}o[e]=r}return o[e]}(e);if(!i)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");i.appendChild(r)}},540(e){e.exports=function(e){var o=document.createElement("style");return e.setAttributes(o,e.attributes),e.insert(o,e.options),o}},56(e,o,r){e.exports=function(e){var o=r.nc;o&&e.setAttribute("nonce",o)}},206(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var o=e.insertStyleElement(e);return{update:function(r){var i,t,a;i="",r.supports&&(i+="@supports (".concat(r.supports,") {")),r.media&&(i+="@media ".concat(r.media," {")),(t=void 0!==r.layer)&&(i+="@layer".concat(r.layer.length>0?" ".concat(r.layer):""," {")),i+=r.css,t&&(i+="}"),r.media&&(i+="}"),r.supports&&(i+="}"),(a=r.sourceMap)&&"u">typeof btoa&&(i+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(a))))," */")),e.styleTagTransform(i,o,e.options)},remove:function(){var e;null===(e=o).parentNode||e.parentNode.removeChild(e)}}}},113(e){e.exports=function(e,o){if(o.styleSheet)o.styleSheet.cssText=e;else{for(;o.firstChild;)o.removeChild(o.firstChild);o.appendChild(document.createTextNode(e))}}},579(e,o,r){var i=r(72),t=r.n(i),a=r(206),n=r.n(a),p=r(659),l=r.n(p),d=r(56),s=r.n(d),c=r(540),g=r.n(c),f=r(113),u=r.n(f),h=r(475),v={};v.styleTagTransform=u(),v.setAttributes=s(),v.insert=l().bind(null,"head"),v.domAPI=n(),v.insertStyleElement=g(),t()(h.A,v),h.A&&h.A.locals&&h.A.locals}}]);