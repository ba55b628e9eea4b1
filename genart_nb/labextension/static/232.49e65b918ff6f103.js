"use strict";(self.rspackChunkgenart_nb=self.rspackChunkgenart_nb||[]).push([[232],{475(e,o,r){var t=r(601),n=r.n(t),a=r(314),i=(r.n(a))()(n());i.push([e.id,`/* Colours are the theme's own, so that light, dark and high contrast come with it. */

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
  line-height: 18px;
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
`,""]),r.d(o,{},{A:i})},314(e){e.exports=function(e){var o=[];return o.toString=function(){return this.map(function(o){var r="",t=void 0!==o[5];return o[4]&&(r+="@supports (".concat(o[4],") {")),o[2]&&(r+="@media ".concat(o[2]," {")),t&&(r+="@layer".concat(o[5].length>0?" ".concat(o[5]):""," {")),r+=e(o),t&&(r+="}"),o[2]&&(r+="}"),o[4]&&(r+="}"),r}).join("")},o.i=function(e,r,t,n,a){"string"==typeof e&&(e=[[null,e,void 0]]);var i={};if(t)for(var s=0;s<this.length;s++){var p=this[s][0];null!=p&&(i[p]=!0)}for(var c=0;c<e.length;c++){var l=[].concat(e[c]);t&&i[l[0]]||(void 0!==a&&(void 0===l[5]||(l[1]="@layer".concat(l[5].length>0?" ".concat(l[5]):""," {").concat(l[1],"}")),l[5]=a),r&&(l[2]&&(l[1]="@media ".concat(l[2]," {").concat(l[1],"}")),l[2]=r),n&&(l[4]?(l[1]="@supports (".concat(l[4],") {").concat(l[1],"}"),l[4]=n):l[4]="".concat(n)),o.push(l))}},o}},601(e){e.exports=function(e){return e[1]}},72(e){var o=[];function r(e){for(var r=-1,t=0;t<o.length;t++)if(o[t].identifier===e){r=t;break}return r}function t(e,t){for(var n={},a=[],i=0;i<e.length;i++){var s=e[i],p=t.base?s[0]+t.base:s[0],c=n[p]||0,l="".concat(p," ").concat(c);n[p]=c+1;var d=r(l),u={css:s[1],media:s[2],sourceMap:s[3],supports:s[4],layer:s[5]};if(-1!==d)o[d].references++,o[d].updater(u);else{var f=function(e,o){var r=o.domAPI(o);return r.update(e),function(o){o?(o.css!==e.css||o.media!==e.media||o.sourceMap!==e.sourceMap||o.supports!==e.supports||o.layer!==e.layer)&&r.update(e=o):r.remove()}}(u,t);t.byIndex=i,o.splice(i,0,{identifier:l,updater:f,references:1})}a.push(l)}return a}e.exports=function(e,n){var a=t(e=e||[],n=n||{});return function(e){e=e||[];for(var i=0;i<a.length;i++){var s=r(a[i]);o[s].references--}for(var p=t(e,n),c=0;c<a.length;c++){var l=r(a[c]);0===o[l].references&&(o[l].updater(),o.splice(l,1))}a=p}}},659(e){var o={};e.exports=function(e,r){var t=function(e){if(void 0===o[e]){var r=document.querySelector(e);if(window.HTMLIFrameElement&&r instanceof window.HTMLIFrameElement)try{r=r.contentDocument.head}catch(e){r=null}o[e]=r}return o[e]}(e);if(!t)throw Error("Couldn't find a style target. This probably means that the value for the 'insert' parameter is invalid.");t.appendChild(r)}},540(e){e.exports=function(e){var o=document.createElement("style");return e.setAttributes(o,e.attributes),e.insert(o,e.options),o}},56(e,o,r){e.exports=function(e){var o=r.nc;o&&e.setAttribute("nonce",o)}},206(e){e.exports=function(e){if("u"<typeof document)return{update:function(){},remove:function(){}};var o=e.insertStyleElement(e);return{update:function(r){var t,n,a;t="",r.supports&&(t+="@supports (".concat(r.supports,") {")),r.media&&(t+="@media ".concat(r.media," {")),(n=void 0!==r.layer)&&(t+="@layer".concat(r.layer.length>0?" ".concat(r.layer):""," {")),t+=r.css,n&&(t+="}"),r.media&&(t+="}"),r.supports&&(t+="}"),(a=r.sourceMap)&&"u">typeof btoa&&(t+="\n/*# sourceMappingURL=data:application/json;base64,".concat(btoa(unescape(encodeURIComponent(JSON.stringify(a))))," */")),e.styleTagTransform(t,o,e.options)},remove:function(){var e;null===(e=o).parentNode||e.parentNode.removeChild(e)}}}},113(e){e.exports=function(e,o){if(o.styleSheet)o.styleSheet.cssText=e;else{for(;o.firstChild;)o.removeChild(o.firstChild);o.appendChild(document.createTextNode(e))}}},579(e,o,r){var t=r(72),n=r.n(t),a=r(206),i=r.n(a),s=r(659),p=r.n(s),c=r(56),l=r.n(c),d=r(540),u=r.n(d),f=r(113),g=r.n(f),v=r(475),m={};m.styleTagTransform=g(),m.setAttributes=l(),m.insert=p().bind(null,"head"),m.domAPI=i(),m.insertStyleElement=u(),n()(v.A,m),v.A&&v.A.locals&&v.A.locals}}]);