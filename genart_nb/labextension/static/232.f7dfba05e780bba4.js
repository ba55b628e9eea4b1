"use strict";(self.rspackChunkgenart_nb=self.rspackChunkgenart_nb||[]).push([[232],{475(e,r,o){var t=o(601),n=o.n(t),a=o(314),i=(o.n(a))()(n());i.push([e.id,`/* Colours are the theme's own, so that light, dark and high contrast come with it. */

.ge-fault {
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

.ge-recipe {
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

.ge-recipe summary:focus-visible,
.ge-status button:focus-visible,
.ge-jobs button:focus-visible {
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

.ge-status {
  display: flex;
  align-items: center;
  gap: 6px;
  padding: 0 6px;
}

.ge-status-words {
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

.ge-status-words:hover {
  background: var(--jp-layout-color3);
}

.ge-status .ge-button,
.ge-jobs .ge-button {
  min-width: 0;
  height: 18px;
  padding: 0 8px;
  font-size: var(--jp-ui-font-size0);
  line-height: 16px;
  border: 1px solid currentcolor;
  border-radius: 2px;
}

.ge-status [hidden],
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

.ge-jobs li .ge-button {
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
`,""]),o.d(r,{},{A:i})},314(e){e.exports=function(e){var r=[];return r.toString=function(){return this.map(function(r){var o="",t=void 0!==r[5];return r[4]&&(o+="@supports (".concat(r[4],") {")),r[2]&&(o+="@media ".concat(r[2]," {")),t&&(o+="@layer".concat(r[5].length>0?" ".concat(r[5]):""," {")),o+=e(r),t&&(o+="}"),r[2]&&(o+="}"),r[4]&&(o+="}"),o}).join("")},r.i=function(e,o,t,n,a){"string"==typeof e&&(e=[[null,e,void 0]]);var i={};if(t)for(var s=0;s<this.length;s++){var p=this[s][0];null!=p&&(i[p]=!0)}for(var c=0;c<e.length;c++){var l=[].concat(e[c]);t&&i[l[0]]||(void 0!==a&&(void 0===l[5]||(l[1]="@layer".concat(l[5].length>0?" ".concat(l[5]):""," {").concat(l[1],"}")),l[5]=a),o&&(l[2]&&(l[1]="@media ".concat(l[2]," {").concat(l[1],"}")),l[2]=o),n&&(l[4]?(l[1]="@supports (".concat(l[4],") {").concat(l[1],"}"),l[4]=n):l[4]="".concat(n)),r.push(l))}},r}},601(e){e.exports=function(e){return e[1]}},72(e){var r=[];function o(e){for(var o=-1,t=0;t<r.length;t++)if(r[t].identifier===e){o=t;break}return o}function t(e,t){for(var n={},a=[],i=0;i<e.length;i++){var s=e[i],p=t.base?s[0]+t.base:s[0],c=n[p]||0,l="".concat(p," ").concat(c);n[p]=c+1;var d=o(l),u={css:s[1],media:s[2],sourceMap:s[3],supports:s[4],layer:s[5]};if(-1!==d)r[d].references++,r[d].updater(u);else{var f=function(e,r){var o=r.domAPI(r);return o.update(e),function(r){r?(r.css!==e.css||r.media!==e.media||r.sourceMap!==e.sourceMap||r.supports!==e.supports||r.layer!==e.layer)&&o.update(e=r):o.remove()}}(u,t);t.byIndex=i,r.splice(i,0,{identifier:l,updater:f,references:1})}a.push(l)}return a}e.exports=function(e,n){var a=t(e=e||[],n=n||{});return function(e){e=e||[];for(var i=0;i<a.length;i++){var s=o(a[i]);r[s].references--}for(var p=t(e,n),c=0;c<a.length;c++){var l=o(a[c]);0===r[l].references&&(r[l].updater(),r.splice(l,1))}a=p}}},659(e){var r={};e.exports=function(e,o){var t=function(e){if(void 0===r[e]){var o=document.querySelector(e);if(window.HTMLIFrameElement&&o instanceof window.HTMLIFrameElement)try{o=o.contentDocument.head}catch(e){o=null}r[e]=o}return r[e]}(e);if(!t)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");t.appendChild(o)}},540(e){e.exports=function(e){var r=document.createElement("style");return e.setAttributes(r,e.attributes),e.insert(r,e.options),r}},56(e,r,o){e.exports=function(e){var r=o.nc;r&&e.setAttribute("nonce",r)}},206(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var r=e.insertStyleElement(e);return{update:function(o){var t,n,a;t="",o.supports&&(t+="@supports (".concat(o.supports,") {")),o.media&&(t+="@media ".concat(o.media," {")),(n=void 0!==o.layer)&&(t+="@layer".concat(o.layer.length>0?" ".concat(o.layer):""," {")),t+=o.css,n&&(t+="}"),o.media&&(t+="}"),o.supports&&(t+="}"),(a=o.sourceMap)&&"u">typeof btoa&&(t+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(a))))," */")),e.styleTagTransform(t,r,e.options)},remove:function(){var e;null===(e=r).parentNode||e.parentNode.removeChild(e)}}}},113(e){e.exports=function(e,r){if(r.styleSheet)r.styleSheet.cssText=e;else{for(;r.firstChild;)r.removeChild(r.firstChild);r.appendChild(document.createTextNode(e))}}},579(e,r,o){var t=o(72),n=o.n(t),a=o(206),i=o.n(a),s=o(659),p=o.n(s),c=o(56),l=o.n(c),d=o(540),u=o.n(d),f=o(113),g=o.n(f),v=o(475),m={};m.styleTagTransform=g(),m.setAttributes=l(),m.insert=p().bind(null,"head"),m.domAPI=i(),m.insertStyleElement=u(),n()(v.A,m),v.A&&v.A.locals&&v.A.locals}}]);