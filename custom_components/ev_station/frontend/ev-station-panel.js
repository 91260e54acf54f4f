/*!
Lit, Copyright Google LLC, BSD-3-Clause, https://github.com/lit/lit/blob/main/LICENSE
lean-qr, Copyright David Evans, MIT, https://github.com/davidje13/lean-qr/blob/main/LICENSE
Material Design Icons, Copyright Pictogrammers, Apache-2.0, https://github.com/Templarian/MaterialDesign/blob/master/LICENSE
*/
var e=`M11,15H13V17H11V15M11,7H13V13H11V7M12,2C6.47,2 2,6.5 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20A8,8 0 0,1 4,12A8,8 0 0,1 12,4A8,8 0 0,1 20,12A8,8 0 0,1 12,20Z`,t=`M12,2L1,21H23M12,6L19.53,19H4.47M11,10V14H13V10M11,16V18H13V16`,n=`M13.54 22H7.33C6.6 22 6 21.4 6 20.67V5.33C6 4.6 6.6 4 7.33 4H9V2H15V4H16.67C17.4 4 18 4.6 18 5.33V12C17.3 12 16.63 12.13 16 12.35V6H8V20H12.35C12.61 20.75 13 21.42 13.54 22M20.94 17.5L17.94 14.5L14.94 17.5H16.94V21.5H18.94V17.5H20.94`,r=`M17,18L12,15.82L7,18V5H17M17,3H7A2,2 0 0,0 5,5V21L12,18L19,21V5C19,3.89 18.1,3 17,3Z`,i=`M15,13H16.5V15.82L18.94,17.23L18.19,18.53L15,16.69V13M19,8H5V19H9.67C9.24,18.09 9,17.07 9,16A7,7 0 0,1 16,9C17.07,9 18.09,9.24 19,9.67V8M5,21C3.89,21 3,20.1 3,19V5C3,3.89 3.89,3 5,3H6V1H8V3H16V1H18V3H19A2,2 0 0,1 21,5V11.1C22.24,12.36 23,14.09 23,16A7,7 0 0,1 16,23C14.09,23 12.36,22.24 11.1,21H5M16,11.15A4.85,4.85 0 0,0 11.15,16C11.15,18.68 13.32,20.85 16,20.85A4.85,4.85 0 0,0 20.85,16C20.85,13.32 18.68,11.15 16,11.15Z`,a=`M14,4L16.29,6.29L13.41,9.17L14.83,10.59L17.71,7.71L20,10V4M10,4H4V10L6.29,7.71L11,12.41V20H13V11.59L7.71,6.29`,o=`M12 2C17.5 2 22 6.5 22 12S17.5 22 12 22 2 17.5 2 12 6.5 2 12 2M12 4C10.1 4 8.4 4.6 7.1 5.7L18.3 16.9C19.3 15.5 20 13.8 20 12C20 7.6 16.4 4 12 4M16.9 18.3L5.7 7.1C4.6 8.4 4 10.1 4 12C4 16.4 7.6 20 12 20C13.9 20 15.6 19.4 16.9 18.3Z`,s=`M18.92 2C18.72 1.42 18.16 1 17.5 1H6.5C5.84 1 5.29 1.42 5.08 2L3 8V16C3 16.55 3.45 17 4 17H5C5.55 17 6 16.55 6 16V15H18V16C18 16.55 18.45 17 19 17H20C20.55 17 21 16.55 21 16V8L18.92 2M6.5 12C5.67 12 5 11.33 5 10.5S5.67 9 6.5 9 8 9.67 8 10.5 7.33 12 6.5 12M17.5 12C16.67 12 16 11.33 16 10.5S16.67 9 17.5 9 19 9.67 19 10.5 18.33 12 17.5 12M5 7L6.5 2.5H17.5L19 7H5M7 20H11V18L17 21H13V23L7 20Z`,c=`M3 4.9V4.95L3.05 4.94L4.11 6H3V18H16.11L20.84 22.73L22.11 21.46L4.57 3.91L2.39 1.73L1.11 3L3 4.9M6.41 9.41C6.61 9.22 6.76 9 6.86 8.75L9.16 11.05C9.05 11.35 9 11.67 9 12C9 12.8 9.32 13.56 9.88 14.12C10.44 14.68 11.2 15 12 15C12.33 15 12.65 14.95 12.95 14.84L14.11 16H7C7 15.47 6.79 14.96 6.41 14.59C6.04 14.21 5.53 14 5 14V10C5.53 10 6.04 9.79 6.41 9.41M17.69 14.5L21 17.8V6H9.2L11.2 8H17C17 8.53 17.21 9.04 17.59 9.41C17.96 9.79 18.47 10 19 10V14C18.5 14 18.05 14.18 17.69 14.5Z`,l=`M21,7L9,19L3.5,13.5L4.91,12.09L9,16.17L19.59,5.59L21,7Z`,u=`M12 2C6.5 2 2 6.5 2 12S6.5 22 12 22 22 17.5 22 12 17.5 2 12 2M12 20C7.59 20 4 16.41 4 12S7.59 4 12 4 20 7.59 20 12 16.41 20 12 20M16.59 7.58L10 14.17L7.41 11.59L6 13L10 17L18 9L16.59 7.58Z`,d=`M8.59,16.58L13.17,12L8.59,7.41L10,6L16,12L10,18L8.59,16.58Z`,f=`M11 7V13L16.2 16.1L17 14.9L12.5 12.2V7H11M20 12V18H22V12H20M20 20V22H22V20H20M18 20C16.3 21.3 14.3 22 12 22C6.5 22 2 17.5 2 12S6.5 2 12 2C16.8 2 20.9 5.4 21.8 10H19.7C18.8 6.6 15.7 4 12 4C7.6 4 4 7.6 4 12S7.6 20 12 20C14.4 20 16.5 18.9 18 17.3V20Z`,p=`M19.77,7.23L19.78,7.22L16.06,3.5L15,4.56L17.11,6.67C16.17,7.03 15.5,7.93 15.5,9A2.5,2.5 0 0,0 18,11.5C18.36,11.5 18.69,11.42 19,11.29V18.5A1,1 0 0,1 18,19.5A1,1 0 0,1 17,18.5V14A2,2 0 0,0 15,12H14V5A2,2 0 0,0 12,3H6A2,2 0 0,0 4,5V21H14V13.5H15.5V18.5A2.5,2.5 0 0,0 18,21A2.5,2.5 0 0,0 20.5,18.5V9C20.5,8.31 20.22,7.68 19.77,7.23M18,10A1,1 0 0,1 17,9A1,1 0 0,1 18,8A1,1 0 0,1 19,9A1,1 0 0,1 18,10M8,18V13.5H6L10,6V11H12L8,18Z`,m=`M2,5.27L3.28,4L20,20.72L18.73,22L15.65,18.92C14.5,19.3 13.28,19.5 12,19.5C7,19.5 2.73,16.39 1,12C1.69,10.24 2.79,8.69 4.19,7.46L2,5.27M12,9A3,3 0 0,1 15,12C15,12.35 14.94,12.69 14.83,13L11,9.17C11.31,9.06 11.65,9 12,9M12,4.5C17,4.5 21.27,7.61 23,12C22.18,14.08 20.79,15.88 19,17.19L17.58,15.76C18.94,14.82 20.06,13.54 20.82,12C19.17,8.64 15.76,6.5 12,6.5C10.91,6.5 9.84,6.68 8.84,7L7.3,5.47C8.74,4.85 10.33,4.5 12,4.5M3.18,12C4.83,15.36 8.24,17.5 12,17.5C12.69,17.5 13.37,17.43 14,17.29L11.72,15C10.29,14.85 9.15,13.71 9,12.28L5.6,8.87C4.61,9.72 3.78,10.78 3.18,12Z`,ee=`M6,2A2,2 0 0,0 4,4V20A2,2 0 0,0 6,22H18A2,2 0 0,0 20,20V8L14,2H6M6,4H13V9H18V20H6V4M8,12V14H16V12H8M8,16V18H13V16H8Z`,te=`M7,2V13H10V22L17,10H13L17,2H7Z`,ne=`M8,7V17H15V7H8M11.16,16V12.87H9.41L11.91,8V11.14H13.59L11.16,16M16,2V6H7V2A1,1 0 0,1 8,1H15A1,1 0 0,1 16,2M16,18V22A1,1 0 0,1 15,23H8A1,1 0 0,1 7,22V18H16Z`,re=`M12,2A10,10 0 0,1 22,12A10,10 0 0,1 12,22A10,10 0 0,1 2,12A10,10 0 0,1 12,2M12,4A8,8 0 0,0 4,12C4,14.4 5,16.5 6.7,18C8.1,16.7 10,16 12,16C14,16 15.8,16.7 17.3,18C19,16.5 20,14.4 20,12A8,8 0 0,0 12,4M10,5.89C10.38,5.9 10.74,6.15 10.9,6.54L12.19,9.77L12.29,10C13,10.13 13.59,10.6 13.86,11.26C14.27,12.29 13.77,13.45 12.74,13.86C11.71,14.27 10.55,13.77 10.14,12.74C9.88,12.08 10,11.32 10.43,10.76L10.33,10.5L9.04,7.29L9.03,7.26C8.83,6.75 9.08,6.17 9.59,5.96C9.72,5.91 9.85,5.89 10,5.89V5.89M14,6A1,1 0 0,1 15,7A1,1 0 0,1 14,8A1,1 0 0,1 13,7A1,1 0 0,1 14,6M17,9A1,1 0 0,1 18,10A1,1 0 0,1 17,11A1,1 0 0,1 16,10A1,1 0 0,1 17,9M7,9A1,1 0 0,1 8,10A1,1 0 0,1 7,11A1,1 0 0,1 6,10A1,1 0 0,1 7,9Z`,ie=`M10,19H13V22H10V19M12,2C17.35,2.22 19.68,7.62 16.5,11.67C15.67,12.67 14.33,13.33 13.67,14.17C13,15 13,16 13,17H10C10,15.33 10,13.92 10.67,12.92C11.33,11.92 12.67,11.33 13.5,10.67C15.92,8.43 15.32,5.26 12,5A3,3 0 0,0 9,8H6A6,6 0 0,1 12,2Z`,ae=`M11,18H13V16H11V18M12,2A10,10 0 0,0 2,12A10,10 0 0,0 12,22A10,10 0 0,0 22,12A10,10 0 0,0 12,2M12,20C7.59,20 4,16.41 4,12C4,7.59 7.59,4 12,4C16.41,4 20,7.59 20,12C20,16.41 16.41,20 12,20M12,6A4,4 0 0,0 8,10H10A2,2 0 0,1 12,8A2,2 0 0,1 14,10C14,12 11,11.75 11,15H13C13,12.75 16,12.5 16,10A4,4 0 0,0 12,6Z`,oe=`M15 9H16V7.5H20V9H21C21.55 9 22 9.45 22 10V21C22 21.55 21.55 22 21 22H15C14.45 22 14 21.55 14 21V10C14 9.45 14.45 9 15 9M16 11V14H20V11H16M12 5.69L7 10.19V18H12V20H5V12H2L12 3L14.78 5.5H14V7.17L13.76 7.27L12 5.69Z`,se=`M12 5.69L17 10.19V18H15V12H9V18H7V10.19L12 5.69M12 3L2 12H5V20H11V14H13V20H19V12H22`,ce=`M16,10H14V7H10V10H8L12,14M19,15H15A3,3 0 0,1 12,18A3,3 0 0,1 9,15H5V5H19M19,3H5C3.89,3 3,3.9 3,5V19A2,2 0 0,0 5,21H19A2,2 0 0,0 21,19V5A2,2 0 0,0 19,3Z`,le=`M4 6.5C4 4 6 2 8.5 2S13 4 13 6.5C13 8.46 11.75 10.13 10 10.74V15H13V18H10V22H7V10.74C5.25 10.13 4 8.46 4 6.5M7 6.5C7 7.33 7.67 8 8.5 8S10 7.33 10 6.5 9.33 5 8.5 5 7 5.67 7 6.5M18 7H20V13H18M18 17H20V15H18`,ue=`M14,19H18V5H14M6,19H10V5H6V19Z`,de=`M19,13H13V19H11V13H5V11H11V5H13V11H19V13Z`,fe=`M16 7V3H14V7H10V3H8V7C7 7 6 8 6 9V14.5L9.5 18V21H14.5V18L18 14.5V9C18 8 17 7 16 7M16 13.67L13.09 16.59L12.67 17H11.33L10.92 16.59L8 13.67V9.09C8 9.06 8.06 9 8.09 9H15.92C15.95 9 16 9.06 16 9.09V13.67Z`,pe=`M12,4C14.1,4 16.1,4.8 17.6,6.3C20.7,9.4 20.7,14.5 17.6,17.6C15.8,19.5 13.3,20.2 10.9,19.9L11.4,17.9C13.1,18.1 14.9,17.5 16.2,16.2C18.5,13.9 18.5,10.1 16.2,7.7C15.1,6.6 13.5,6 12,6V10.6L7,5.6L12,0.6V4M6.3,17.6C3.7,15 3.3,11 5.1,7.9L6.6,9.4C5.5,11.6 5.9,14.4 7.8,16.2C8.3,16.7 8.9,17.1 9.6,17.4L9,19.4C8,19 7.1,18.4 6.3,17.6Z`,me=`M11.5,12L20,18V6M11,18V6L2.5,12L11,18Z`,he=`M18,3V16.18L21,19.18V3H18M4.28,5L3,6.27L10.73,14H8V21H11V14.27L13,16.27V21H16V19.27L19.73,23L21,21.72L4.28,5M13,9V11.18L16,14.18V9H13M3,18V21H6V18H3Z`,ge=`M11.45,2V5.55L15,3.77L11.45,2M10.45,8L8,10.46L11.75,11.71L10.45,8M2,11.45L3.77,15L5.55,11.45H2M10,2H2V10C2.57,10.17 3.17,10.25 3.77,10.25C7.35,10.26 10.26,7.35 10.27,3.75C10.26,3.16 10.17,2.57 10,2M17,22V16H14L19,7V13H22L17,22Z`,_e=`M2,15C2,15 2,9 8,9C12,9 12.5,12.5 15.5,12.5C19.5,12.5 19.5,9 19.5,9H22C22,9 22,15 16,15C12,15 10.5,11.5 8.5,11.5C4.5,11.5 4.5,15 4.5,15H2`,ve=`M6,2V8H6V8L10,12L6,16V16H6V22H18V16H18V16L14,12L18,8V8H18V2H6M16,16.5V20H8V16.5L12,12.5L16,16.5M12,11.5L8,7.5V4H16V7.5L12,11.5Z`,ye=`M8.28,5.45L6.5,4.55L7.76,2H16.23L17.5,4.55L15.72,5.44L15,4H9L8.28,5.45M18.62,8H14.09L13.3,5H10.7L9.91,8H5.38L4.1,10.55L5.89,11.44L6.62,10H17.38L18.1,11.45L19.89,10.56L18.62,8M17.77,22H15.7L15.46,21.1L12,15.9L8.53,21.1L8.3,22H6.23L9.12,11H11.19L10.83,12.35L12,14.1L13.16,12.35L12.81,11H14.88L17.77,22M11.4,15L10.5,13.65L9.32,18.13L11.4,15M14.68,18.12L13.5,13.64L12.6,15L14.68,18.12Z`,be=`M5.18 5.45L3.4 4.55L4.66 2H13.13L14.4 4.55L12.62 5.44L11.9 4H5.9L5.18 5.45M15.5 8H11L10.2 5H7.6L6.81 8H2.28L1 10.55L2.79 11.44L3.5 10H14.28L15 11.45L16.79 10.56L15.5 8M14.67 22H12.6L12.36 21.1L8.9 15.9L5.43 21.1L5.2 22H3.13L6 11H8.09L7.73 12.35L8.9 14.1L10.06 12.35L9.71 11H11.78L14.67 22M8.3 15L7.4 13.65L6.22 18.13L8.3 15M11.58 18.12L10.4 13.64L9.5 15L11.58 18.12M23 16L19 12V15H15V17H19V20L23 16Z`,xe=`M3,17V19H9V17H3M3,5V7H13V5H3M13,21V19H21V17H13V15H11V21H13M7,9V11H3V13H7V15H9V9H7M21,13V11H11V13H21M15,9H17V7H21V5H17V3H15V9Z`,Se=`M12.5,8C9.85,8 7.45,9 5.6,10.6L2,7V16H11L7.38,12.38C8.77,11.22 10.54,10.5 12.5,10.5C16.04,10.5 19.05,12.81 20.1,16L22.47,15.22C21.08,11.03 17.15,8 12.5,8Z`,Ce=globalThis,we=Ce.ShadowRoot&&(Ce.ShadyCSS===void 0||Ce.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,Te=Symbol(),Ee=/* @__PURE__ */ new WeakMap,De=class{constructor(e,t,n){if(this._$cssResult$=!0,n!==Te)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if(we&&e===void 0){let n=t!==void 0&&t.length===1;n&&(e=Ee.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&Ee.set(t,e))}return e}toString(){return this.cssText}},Oe=e=>new De(typeof e==`string`?e:e+``,void 0,Te),h=(e,...t)=>new De(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,Te),ke=(e,t)=>{if(we)e.adoptedStyleSheets=t.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let n of t){let t=document.createElement(`style`),r=Ce.litNonce;r!==void 0&&t.setAttribute(`nonce`,r),t.textContent=n.cssText,e.appendChild(t)}},Ae=we?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return Oe(t)})(e):e,{is:je,defineProperty:Me,getOwnPropertyDescriptor:Ne,getOwnPropertyNames:Pe,getOwnPropertySymbols:Fe,getPrototypeOf:Ie}=Object,Le=globalThis,Re=Le.trustedTypes,ze=Re?Re.emptyScript:``,Be=Le.reactiveElementPolyfillSupport,Ve=(e,t)=>e,He={toAttribute(e,t){switch(t){case Boolean:e=e?ze:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},Ue=(e,t)=>!je(e,t),We={attribute:!0,type:String,converter:He,reflect:!1,useDefault:!1,hasChanged:Ue};Symbol.metadata??=Symbol(`metadata`),Le.litPropertyMetadata??=/* @__PURE__ */ new WeakMap;var g=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=We){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&Me(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=Ne(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??We}static _$Ei(){if(this.hasOwnProperty(Ve(`elementProperties`)))return;let e=Ie(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(Ve(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(Ve(`properties`))){let e=this.properties,t=[...Pe(e),...Fe(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=/* @__PURE__ */ new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(Ae(e))}else e!==void 0&&t.push(Ae(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=/* @__PURE__ */ new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=/* @__PURE__ */ new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=/* @__PURE__ */ new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return ke(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?He:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?He:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??Ue)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=/* @__PURE__ */ new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=/* @__PURE__ */ new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=/* @__PURE__ */ new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};g.elementStyles=[],g.shadowRootOptions={mode:`open`},g[Ve(`elementProperties`)]=/* @__PURE__ */ new Map,g[Ve(`finalized`)]=/* @__PURE__ */ new Map,Be?.({ReactiveElement:g}),(Le.reactiveElementVersions??=[]).push(`2.1.2`);var Ge=globalThis,Ke=e=>e,qe=Ge.trustedTypes,Je=qe?qe.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,Ye=`$lit$`,_=`lit$${Math.random().toFixed(9).slice(2)}$`,Xe=`?`+_,Ze=`<${Xe}>`,v=document,y=()=>v.createComment(``),Qe=e=>e===null||typeof e!=`object`&&typeof e!=`function`,$e=Array.isArray,et=e=>$e(e)||typeof e?.[Symbol.iterator]==`function`,tt=`[ 	
\f\r]`,nt=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,rt=/-->/g,it=/>/g,b=RegExp(`>|${tt}(?:([^\\s"'>=/]+)(${tt}*=${tt}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),at=/'/g,ot=/"/g,st=/^(?:script|style|textarea|title)$/i,ct=e=>(t,...n)=>({_$litType$:e,strings:t,values:n}),x=ct(1),S=ct(2),C=Symbol.for(`lit-noChange`),w=Symbol.for(`lit-nothing`),lt=/* @__PURE__ */ new WeakMap,T=v.createTreeWalker(v,129);function ut(e,t){if(!$e(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return Je===void 0?t:Je.createHTML(t)}var dt=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=nt;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===nt?c[1]===`!--`?o=rt:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=b):(st.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=b):o=it:o===b?c[0]===`>`?(o=i??nt,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?b:c[3]===`"`?ot:at):o===ot||o===at?o=b:o===rt||o===it?o=nt:(o=b,i=void 0);let d=o===b&&e[t+1].startsWith(`/>`)?` `:``;a+=o===nt?n+Ze:l>=0?(r.push(s),n.slice(0,l)+Ye+n.slice(l)+_+d):n+_+(l===-2?t:d)}return[ut(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},ft=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=dt(t,n);if(this.el=e.createElement(l,r),T.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=T.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(Ye)){let t=u[o++],n=i.getAttribute(e).split(_),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?gt:r[1]===`?`?_t:r[1]===`@`?vt:ht}),i.removeAttribute(e)}else e.startsWith(_)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(st.test(i.tagName)){let e=i.textContent.split(_),t=e.length-1;if(t>0){i.textContent=qe?qe.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],y()),T.nextNode(),c.push({type:2,index:++a});i.append(e[t],y())}}}else if(i.nodeType===8){if(i.data===Xe)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(_,e+1))!==-1;)c.push({type:7,index:a}),e+=_.length-1}}a++}}static createElement(e,t){let n=v.createElement(`template`);return n.innerHTML=e,n}};function E(e,t,n=e,r){if(t===C)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=Qe(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=E(e,i._$AS(e,t.values),i,r)),t}var pt=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??v).importNode(t,!0);T.currentNode=r;let i=T.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new mt(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new yt(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=T.nextNode(),a++)}return T.currentNode=v,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},mt=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=w,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=E(this,e,t),Qe(e)?e===w||e==null||e===``?(this._$AH!==w&&this._$AR(),this._$AH=w):e!==this._$AH&&e!==C&&this._(e):e._$litType$===void 0?e.nodeType===void 0?et(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==w&&Qe(this._$AH)?this._$AA.nextSibling.data=e:this.T(v.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=ft.createElement(ut(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new pt(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=lt.get(e.strings);return t===void 0&&lt.set(e.strings,t=new ft(e)),t}k(t){$e(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(y()),this.O(y()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=Ke(e).nextSibling;Ke(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},ht=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=w,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(/* @__PURE__ */ new String),this.strings=n):this._$AH=w}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=E(this,e,t,0),a=!Qe(e)||e!==this._$AH&&e!==C,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=E(this,r[n+o],t,o),s===C&&(s=this._$AH[o]),a||=!Qe(s)||s!==this._$AH[o],s===w?e=w:e!==w&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===w?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},gt=class extends ht{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===w?void 0:e}},_t=class extends ht{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==w)}},vt=class extends ht{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=E(this,e,t,0)??w)===C)return;let n=this._$AH,r=e===w&&n!==w||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==w&&(n===w||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},yt=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){E(this,e)}},bt={M:Ye,P:_,A:Xe,C:1,L:dt,R:pt,D:et,V:E,I:mt,H:ht,N:_t,U:vt,B:gt,F:yt},xt=Ge.litHtmlPolyfillSupport;xt?.(ft,mt),(Ge.litHtmlVersions??=[]).push(`3.3.3`);var St=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new mt(t.insertBefore(y(),e),e,void 0,n??{})}return i._$AI(e),i},Ct=globalThis,D=class extends g{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=St(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return C}};D._$litElement$=!0,D.finalized=!0,Ct.litElementHydrateSupport?.({LitElement:D});var wt=Ct.litElementPolyfillSupport;wt?.({LitElement:D}),(Ct.litElementVersions??=[]).push(`4.2.2`);var Tt={attribute:!0,type:String,converter:He,reflect:!1,hasChanged:Ue},Et=(e=Tt,t,n)=>{let{kind:r,metadata:i}=n,a=globalThis.litPropertyMetadata.get(i);if(a===void 0&&globalThis.litPropertyMetadata.set(i,a=/* @__PURE__ */ new Map),r===`setter`&&((e=Object.create(e)).wrapped=!0),a.set(n.name,e),r===`accessor`){let{name:r}=n;return{set(n){let i=t.get.call(this);t.set.call(this,n),this.requestUpdate(r,i,e,!0,n)},init(t){return t!==void 0&&this.C(r,void 0,e,t),t}}}if(r===`setter`){let{name:r}=n;return function(n){let i=this[r];t.call(this,n),this.requestUpdate(r,i,e,!0,n)}}throw Error(`Unsupported decorator location: `+r)};function O(e){return(t,n)=>typeof n==`object`?Et(e,t,n):((e,t,n)=>{let r=t.hasOwnProperty(n);return t.constructor.createProperty(n,e),r?Object.getOwnPropertyDescriptor(t,n):void 0})(e,t,n)}function k(e){return O({...e,state:!0,attribute:!1})}var Dt=(e,t,n)=>(n.configurable=!0,n.enumerable=!0,Reflect.decorate&&typeof t!=`object`&&Object.defineProperty(e,t,n),n);function Ot(e,t){return(n,r,i)=>{let a=t=>t.renderRoot?.querySelector(e)??null;if(t){let{get:e,set:t}=typeof r==`object`?n:i??(()=>{let e=Symbol();return{get(){return this[e]},set(t){this[e]=t}}})();return Dt(n,r,{get(){let n=e.call(this);return n===void 0&&(n=a(this),(n!==null||this.hasUpdated)&&t.call(this,n)),n}})}return Dt(n,r,{get(){return a(this)}})}}var kt=[`percent`,`distance`,`energy`],At=[`percent`,`energy`],jt={kind:`energy`,amount:2e4},Mt={kind:`percent`,amount:100},Nt={percent:`%`,distance:`km`,energy:`kWh`},Pt={percent:10,distance:10,energy:1e3},Ft={percent:1,distance:5,energy:500};function It({guest:e}){return e?At:kt}function Lt({kind:e},{guest:t}){return t&&e===`percent`}function Rt(e,{battery_wh:t,wh_per_km:n}){return{percent:t/100,distance:n,energy:1}[e]}function zt(e,t){let[n,r]=[Pt[e],Ft[e]],i=Math.floor(t.battery_wh/Rt(e,t)/r)*r;return{least:n,step:r,most:Math.max(i,n+r)}}function Bt({kind:e,amount:t},n,r){if(r.guest)return n===`energy`?jt:Mt;let i=(r.percent??0)*r.battery_wh/100,a=t*Rt(e,r)-(e===`percent`?i:0),o=Math.max(0,a)+(n===`percent`?i:0),{least:s,most:c,step:l}=zt(n,r),u=Math.round(o/Rt(n,r)/l)*l;return{kind:n,amount:Math.min(Math.max(u,s),c)}}function Vt(e,t){return e.kind===t.kind&&e.amount===t.amount}function Ht({kind:e,amount:t},n){let r=e===`energy`?t/1e3:t,i=Math.round(r*10)/10;return{figure:n.number(i,+!Number.isInteger(i)),unit:Nt[e]}}function Ut(e,t){let{figure:n,unit:r}=Ht(e,t);return e.kind===`percent`?t.percent(e.amount):`${n}\u00a0${r}`}function Wt(e,t,{t:n,f:r}){return Lt(e,t)?n(`plan.full`):Ut(e,r)}function Gt({kind:e,amount:t}){return{[e]:e===`energy`?t/1e3:t}}async function A(e,t,n,r,i){await nn(e,e.callService(t,n,r,i,!1))}async function Kt(e,t,n,r={}){await A(e,`ev_station`,t,r,{device_id:n.device_id})}async function qt(e,{mode_entity:t},n){await A(e,`select`,`select_option`,{option:n},{entity_id:t})}function Jt(e,{own_goal:t,guest:n}){return e.kind===`percent`&&!t&&!n}async function Yt(e,t,{goal:n,departure:r}){let{goal_entity:i,device_id:a}=t,o=n&&Jt(n,t)?n:null,s=o?null:n??(t.own_goal?t.goal:null),c={...r===null?{}:{at:r},...s?Gt(s):{}};(r!==null||n&&!o)&&await A(e,`ev_station`,`set_departure`,c,{device_id:a}),o&&await A(e,`number`,`set_value`,{value:o.amount},{entity_id:i})}async function Xt(e,{device_id:t}){await A(e,`ev_station`,`set_departure`,{},{device_id:t})}async function Zt(e,t){return nn(e,e.callWS({type:`ev_station/billing`,...t}))}async function Qt(e,{id:t},{goal:n,departure:r}){let i={...n===null?{}:Gt(n),...r===null?{}:{at:r}};return nn(e,e.callWS({type:`ev_station/preview_plan`,vehicle_id:t,...i}))}function $t({is_admin:e,driver_id:t,drivers:n}){if(!e)return[];let r=n.filter(e=>e.id===t),i=n.filter(e=>e.id!==t);return[...r,...i.sort((e,t)=>e.name.localeCompare(t.name))]}var en=3;async function tn(e,t){let{code:n,translation_domain:r,translation_key:i,translation_placeholders:a}=t??{};if(typeof r!=`string`||typeof i!=`string`)return t;let o=(await e.loadBackendTranslation?.(`exceptions`,r).catch(()=>void 0))?.(`component.${r}.exceptions.${i}.message`,a);return o?{code:n,message:o}:t}async function nn(e,t){try{return await t}catch(t){throw await tn(e,t)}}function j(e,t){if(e===en)return t(`error.connection`);let{code:n,message:r}=e??{};return n===`unknown_command`?t(`error.not_running`):typeof r==`string`&&r?r:t(`error.unknown`)}async function rn(e,t){let n=await e.callWS({type:`auth/sign_path`,path:t}),r=document.createElement(`a`);r.href=e.hassUrl?.(n.path)??n.path,r.download=``,r.hidden=!0,document.body.append(r),r.click(),r.remove()}async function an(e){try{return await navigator.clipboard.writeText(e),!0}catch{let t=document.createElement(`textarea`);t.value=e,t.style.position=`fixed`,document.body.append(t),t.select();let n=document.execCommand(`copy`);return t.remove(),n}}var on=[2e3,5e3,1e4,3e4],sn=class{constructor(e){this.listener=e}start(e){this.stop();let t=()=>{delete n.unsubscribe,this.start(e)};e.addEventListener(`ready`,t);let n={leave:()=>{e.removeEventListener(`ready`,t)}};this.run=n;let r=0,i=async()=>{try{let t=await e.subscribeMessage(e=>{this.run===n&&this.listener.message(e)},{type:`ev_station/subscribe`},{resubscribe:!1});this.run===n?n.unsubscribe=t:t()}catch(e){if(this.run!==n)return;let t=on[Math.min(r++,on.length-1)];n.timer=setTimeout(()=>void i(),t),this.listener.failed(e)}};i()}stop(){let e=this.run;this.run=void 0,e&&(e.leave(),clearTimeout(e.timer),e.unsubscribe?.())}};function cn(e){let[,t=``,n=``,r=``,i=`0`]=/^([+-]?)(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(e)??[];if(!n&&!r)throw RangeError(`not a decimal: ${e}`);let a=BigInt(n+r)*(t===`-`?-1n:1n),o=r.length-Number(i);return o<0?{units:a*10n**BigInt(-o),scale:0}:{units:a,scale:o}}function ln({units:e,scale:t}){let n=(e<0n?-e:e).toString().padStart(t+1,`0`),r=n.slice(0,n.length-t),i=n.slice(n.length-t).replace(/0+$/,``);return(e<0n?`-`:``)+r+(i&&`.${i}`)}function M(e){let t=e.map(cn),n=Math.max(0,...t.map(e=>e.scale));return ln({units:t.reduce((e,t)=>e+t.units*10n**BigInt(n-t.scale),0n),scale:n})}function un(e,t){let{units:n,scale:r}=cn(e);return ln({units:n,scale:r+t})}function dn(e,t){return M([e])===M([t])}function fn(e){return(M([e]).split(`.`)[1]??``).length}var pn={comma_decimal:[`en-US`,`en`],decimal_comma:[`de`,`es`,`it`],space_comma:[`fr`,`sv`,`cs`],quote_decimal:[`de-CH`],none:[`en-US`],system:void 0},mn={12:`h12`,24:`h23`},hn={year:`numeric`,month:`long`},gn={day:`numeric`,month:`short`},_n={weekday:`short`},vn=6e4,yn=1440,bn=yn*vn,xn={least:3,most:6},Sn=4;function Cn(e,t,n){return Math.min(Math.max(e,t),n)}var wn=class{constructor(e){this.options=e,this.made=/* @__PURE__ */ new Map;let{language:t,number_format:n=`language`,time_format:r=`language`}=e.locale;this.numberLocale=n in pn?pn[n]:t,this.grouping=n!==`none`,this.timeLocale=r===`system`?void 0:t,this.clock=this.clockFor(mn[r])}clockFor(e){return{hour:(e??new Intl.DateTimeFormat(this.timeLocale,{hour:`numeric`}).resolvedOptions().hourCycle)?.startsWith(`h1`)?`numeric`:`2-digit`,minute:`2-digit`,...e?{hourCycle:e}:{}}}numbers(e){return this.once(e,()=>new Intl.NumberFormat(this.numberLocale,{useGrouping:this.grouping,...e}))}times(e){return this.once(e,()=>new Intl.DateTimeFormat(this.timeLocale,{timeZone:this.options.timeZone,...e}))}once(e,t){let n=JSON.stringify(e),r=this.made.get(n)??t();return this.made.set(n,r),r}number(e,t=0){return this.numbers({minimumFractionDigits:t,maximumFractionDigits:t}).format(e)}amps(e){let t=Math.round(e*10)/10;return this.number(t,+!Number.isInteger(t))}percent(e){return this.numbers({style:`percent`}).format(e/100)}power(e){return Math.abs(e)<999.5?{figure:this.number(e),unit:`W`}:{figure:this.number(e/1e3,1),unit:`kW`}}kilowatts(e){return{figure:e===null?`–`:this.number(e/1e3,1),unit:`kW`}}kwh(e,t){return this.number(un(e,3),t)}kwhDigits(e){let t=e.map(e=>fn(un(e,3)));return Cn(Math.max(0,...t),xn.least,xn.most)}currencyDigits(e){return this.numbers({style:`currency`,currency:e}).formatToParts(0).find(e=>e.type===`fraction`)?.value.length??0}money(e,t,n=this.currencyDigits(t)){let r={style:`currency`,currency:t,minimumFractionDigits:n,maximumFractionDigits:n};return this.numbers(r).format(e)}amounts(e){return Object.entries(e).map(([e,t])=>this.money(t,e)).join(` + `)}moneyDigits(e,t){let n=this.currencyDigits(t);return Cn(Math.max(0,...e.map(fn)),n,n+Sn)}time(e){return this.times(this.clock).format(new Date(e))}lasting(e){let t=Math.round(e/vn);return t<yn?this.twoUnits(t,60,`hour`,`minute`):this.twoUnits(Math.round(t/60),24,`day`,`hour`)}twoUnits(e,t,n,r){let i=(e,t)=>this.numbers({style:`unit`,unit:t,unitDisplay:`short`}).format(e),[a,o]=[Math.floor(e/t),e%t];return[...a?[i(a,n)]:[],...o||!a?[i(o,r)]:[]].join(` `)}local(e){let t={dateStyle:`short`,timeStyle:`short`,timeZone:this.options.timeZone};return this.once({iso:`local`},()=>new Intl.DateTimeFormat(`sv-SE`,t)).format(e).replace(` `,`T`)}day(e){return this.times(gn).format(new Date(e))}moment(e,t){return this.unlessToday(e,t,gn)}weekday(e,t){return this.unlessToday(e,t,_n)}unlessToday(e,t,n){let r=this.day(e)===this.day(new Date(t).toISOString())?this.clock:{...n,...this.clock};return this.times(r).format(new Date(e))}clockSpan(e,t){return`${this.time(e)} – ${this.time(t)}`}hours(e,t){let[n,r]=[new Date(e),new Date(t)];return r.getTime()-n.getTime()<bn?this.clockSpan(e,t):this.times({...gn,...this.clock}).formatRange(n,r)}month(e){return this.monthIn(e,hn)}monthName(e){return this.monthIn(e,{month:`long`})}monthIn(e,t){let n={...t,timeZone:`UTC`};return this.times(n).format(/* @__PURE__ */ new Date(`${e}-15T00:00:00Z`))}monthOf(e){let t={year:`numeric`,month:`2-digit`,timeZone:this.options.timeZone};return this.once({iso:`month`},()=>new Intl.DateTimeFormat(`sv-SE`,t)).format(e)}};function Tn(e){let t=Math.max(0,Math.floor(e)),n=e=>String(e).padStart(2,`0`),r=Math.floor(t/3600),i=Math.floor(t/60)%60;return r?`${r}:${n(i)}:${n(t%60)}`:`${i}:${n(t%60)}`}function En(e,t){return e?.connection!==t.connection||e.language!==t.language||e.locale!==t.locale||e.dockedSidebar!==t.dockedSidebar}var Dn=/*#__PURE__*/ JSON.parse(`{"title":"EV Station","loading":"Loading…","view.all":"Pages","view.now":"Now","view.circuits":"Circuits","view.billing":"Billing","action.menu":"Menu","action.close":"Close","action.cancel":"Cancel","action.retry":"Try again","action.print":"Print","action.start_session":"Start","action.stop_session":"Stop","action.unlock":"Unlock cable","now.site":"Power at this moment","now.charging_power":"Charging power","now.nothing_charging":"No car is charging.","now.no_charger":"No charger yet","now.no_charger_do":"Ask the owner of this home to connect one. It shows up here by itself.","now.connect_another":"Connect another charger","now.tightest":"Tightest: {circuit}, {phase}","card.no_driver":"Driver not known yet","card.settings":"Settings of {name}","card.last_day":"Last 24 h, up to {power}","card.allowed":"Allowed","card.battery":"Battery of the car","card.energy":"Energy","card.cost":"Cost","card.time":"Time","card.who":"Who is charging?","card.clock_wrong":"This charger's clock is wrong. Session times are corrected here; set its date and time all the same.","state.charging":"Charging","state.charging_1p":"Charging, {current} A on one phase","state.charging_2p":"Charging, {current} A on two phases","state.charging_3p":"Charging, {current} A on three phases","state.available":"Available","state.preparing":"Plugged in, not started","state.starting":"Starting","state.suspended_ev":"Paused by the car","state.suspended_evse":"Paused by the charger","state.finishing":"Finished","state.reserved":"Reserved","state.unavailable":"Out of service","state.unknown":"Connected, no status yet","state.fault":"Fault","state.fault_named":"Fault: {error}","state.offline":"Offline","state.offline_since":"Offline, last seen {time}","hint.start_free":"Plug in the car, then tap Start or hold a tag to the charger.","hint.card_free":"Plug in the car and hold your tag to the charger.","hint.start_plugged":"Tap Start or hold a tag to the charger.","hint.card_plugged":"Hold your tag to the charger.","hint.starting":"The car and the charger are agreeing. This can take a minute.","hint.suspended_ev":"The car is full or waits for its own timer. Charging goes on when the car asks for power.","hint.suspended_evse":"Charging goes on as soon as the charger may give power again.","hint.switched_off":"Charging is switched off here. Switch it on in the settings and waiting cars start.","hint.limit_too_low":"The maximum set here is below 6 A, and no car charges with less. Raise it in the settings.","hint.finishing":"Unplug the car to free the charger.","hint.reserved":"Kept for whoever reserved it. Others please choose another charger.","hint.unavailable":"It takes no cars now. If nobody switched it off, restart the charger.","hint.unknown":"The charger reports in a moment. If this stays, restart it.","hint.offline":"Check the charger's power and network. It reconnects by itself.","fault.connectorlockfailure":"The plug cannot be locked","fault.evcommunicationerror":"The car does not answer","fault.groundfailure":"Current leaks to earth","fault.hightemperature":"Too hot","fault.overcurrentfailure":"The car draws too much current","fault.overvoltage":"Grid voltage too high","fault.powermeterfailure":"The meter does not answer","fault.powerswitchfailure":"The power switch is stuck","fault.readerfailure":"The tag reader does not work","fault.undervoltage":"Grid voltage too low","fault.weaksignal":"Weak mobile signal","advice.replug":"Unplug the car, wait a minute and plug it in again. If the fault stays, switch the charger off and on.","advice.restart":"Switch the charger off and on. If the fault stays, call its installer.","advice.cool":"Let it cool down; charging goes on by itself. If it stays hot, call its installer.","advice.electrician":"Unplug the car and do not use this charger. If the fault comes back, call an electrician.","connect.title":"Connect a charger","connect.step_find":"Open the settings of the charger, in its app or on its web page, and look for OCPP, backend or central system.","connect.step_type":"Type in this address:","connect.step_wait":"Save. The charger shows up here within a minute.","connect.no_address":"There is no address yet because nothing listens for chargers. Check the settings of the integration.","connect.copy":"Copy","connect.copied":"Copied","connect.qr":"QR code of {url}","connect.scan":"Scan to have the address on your phone","connect.attempts":"Tries to connect","connect.listening":"Listening. Each try of a charger appears here at once.","connect.nameless":"(no identity)","connect.open_settings":"Open Devices & services","attempt.accepted":"Connected","attempt.accepted_do":"Nothing to do: it is on the page Now.","attempt.waiting":"Waiting for you","attempt.waiting_do":"Add it under Devices & services, where it is listed as discovered.","attempt.refused":"Refused","attempt.refused_do":"Check the address and try again.","attempt.unknown_charger":"Not known here","attempt.unknown_charger_do":"Add a charger with exactly this identity, or allow new chargers to ask in the settings of the integration.","attempt.bad_credentials":"Wrong password","attempt.bad_credentials_do":"Type the password from the settings of this charger into the charger again.","attempt.duplicate":"Identity already in use","attempt.duplicate_do":"A charger with this identity is connected. Give each charger one of its own.","attempt.waiting_room_full":"Too many chargers wait","attempt.waiting_room_full_do":"Add or ignore those that wait, then this one gets its turn.","attempt.bad_path":"Wrong address","attempt.bad_path_do":"Type in the address above exactly; after it comes nothing but the charger's own identity.","attempt.rate_limited":"Tried too often","attempt.rate_limited_do":"Nothing to do: it may try again in a few minutes.","attempt.storage":"EV Station could not write to its disk","attempt.storage_do":"See the repair issue. The charger tries again by itself.","attempt.protocol":"Speaks another language","attempt.protocol_do":"Set the charger to OCPP 1.6 JSON, not SOAP.","billing.sheet":"Billing sheet","billing.month":"Month","billing.previous":"Previous month","billing.next":"Next month","billing.driver":"Driver","billing.sessions":"Sessions","billing.amount":"Amount","billing.total":"Total","billing.unassigned":"No driver","billing.adjustment":"Correction","billing.credit":"Taken back","billing.period":"Time","billing.price":"Price per kWh","billing.rounded":"{exact}, rounded once","billing.meter":"Meter","billing.seal":"Seal","billing.seal_means":"Changes if anything in this line is changed later.","billing.not_known":"not known","billing.review_one":"{count} line needs a look. Its mark says why.","billing.review_other":"{count} lines need a look. Their marks say why.","billing.review_show":"Show","billing.no_match":"The rows do not add up to the total. Reload the page; if this stays, please report it.","billing.empty_now":"No sessions in {month} yet","billing.empty_do":"The first one appears here when a car has finished charging.","billing.empty_own_do":"Your first one appears here when your car has finished charging.","billing.empty_past":"No sessions in {month}","billing.no_sheet":"No billing sheet yet","billing.no_sheet_do":"Add one on the page of the integration, under Devices & services. Sessions are kept until then.","billing.ask_owner":"Ask the owner of this home to add you to one.","flag.estimated":"Estimated","flag.estimated_means":"Part of the energy or its price was worked out, because a value was missing.","flag.provisional":"Provisional","flag.provisional_means":"The charger never reported the end. The last known reading stands until it does.","flag.late":"Late","flag.late_means":"The charger reported this session more than a day after it ended.","flag.conflict":"Conflict","flag.conflict_means":"The charger's reports contradict each other. Compare the meter readings.","flag.clock_corrected":"Clock corrected","flag.clock_corrected_means":"The charger's clock was wrong; the times here are corrected.","flag.meter_reset":"Meter reset","flag.meter_reset_means":"The meter started anew during the session; the readings in between were added up.","flag.meter_backwards":"Meter ran backwards","flag.meter_backwards_means":"The reading at the end is below the one at the start; the readings in between decide. Compare them with the meter.","flag.unpriced":"No price","flag.unpriced_means":"No price was known for part of the energy. That part costs nothing.","flag.unauthorized":"Not admitted","flag.unauthorized_means":"The charger started although the tag is not admitted. Nobody was billed.","flag.quarantined":"Not matched","flag.quarantined_means":"The report could not be matched to a charging point, or brought no meter reading. Compare it with the meter.","error.connection":"The connection to Home Assistant broke. Wait for it to come back, then try again.","error.not_running":"EV Station is not running. If Home Assistant has just started, wait a moment; else check the integration under Devices & services.","error.retrying":"Trying again by itself.","error.unknown":"That did not work. Try again; if it stays, look into the log of Home Assistant.","error.copy":"This browser does not allow copying. Mark the address and copy it by hand.","card.mode":"Mode","card.mode_of":"Mode of {name}","mode.off":"Off","mode.solar":"Solar","mode.solar_min":"Solar and minimum","mode.smart":"Smart","mode.fast":"Fast","reason.maximum":"{limit} A: nothing holds it back","reason.limited":"{limit} A: the maximum current that was set","reason.paused":"Paused: charging is turned off","reason.car":"{limit} A: the car draws no more","reason.idle":"{limit} A: the car draws nothing now","reason.share":"{limit} A: fair share of {circuit} on {phase}; cars: {cars}","reason.share_power":"{limit} A: fair share of the power of {circuit}; cars: {cars}","reason.waiting":"Waiting: no room in {circuit} on {phase}; cars: {cars}","reason.waiting_power":"Waiting: no power left in {circuit}; cars: {cars}","reason.ready":"{limit} A for the next car","reason.away":"{limit} A: the charger is not connected","reason.uncontrolled":"The charger takes no limits","reason.no_pause":"{limit} A, the minimum: the charger takes no pause","reason.starting":"{limit} A: the meters have not spoken yet","reason.peak":"Waiting: more would raise the month's peak; cars: {cars}","reason.peak_share":"{limit} A: more would raise the month's peak; cars: {cars}","reason.dimmed":"{limit} A: the grid's operator ordered to draw less; cars: {cars}","reason.ripple":"{limit} A: ripple control of the grid's operator; cars: {cars}","reason.delayed":"Waiting until {until}: random delay","reason.delayed_end":"{limit} A until {until}: random delay","reason.sun":"{limit} A: follows the sun; cars: {cars}","reason.one_phase":"{limit} A on one phase: the present sun fits on one; cars: {cars}","reason.waking":"Paused for a moment to wake the car","reason.unresponsive":"{limit} A: the car does not respond; it may have to be unplugged and plugged in again","reason.switching":"Waiting: the phases are being switched","reason.cloud":"{limit} A: a cloud, the minimum for a moment","reason.no_sun":"Waiting for enough sun","reason.cheap":"{limit} A: power is cheap now","reason.dear":"Waiting for cheaper hours or enough sun","reason.planned":"{limit} A until {until}: as planned","reason.plan_waits":"Waiting until {until}, as planned","reason.goal_met":"Waiting for sun: it has what was wanted","reason.off":"Off: the mode is Off","flow.from":"Comes from","flow.to":"Goes to","flow.solar":"Solar","flow.battery":"Battery","flow.grid":"Grid","flow.other":"Not measured","flow.house":"House","flow.charge":"Battery","flow.export":"Export","circuits.none":"No circuit yet","circuits.none_means":"A circuit is a fuse with chargers behind it. Add your main fuse, and no car is ever offered more than it leaves on each phase: cars share it fairly, and make room for the oven.","circuits.add":"Add a circuit","circuits.add_where":"On the page of the integration, choose Add circuit.","circuits.ask_owner":"The owner of this home can add one.","circuits.fuse":"Fuse {limit} A","circuits.of":"{load} of {limit} A","circuits.of_kw":"{used} of {limit} kW","circuits.free":"{amps} A free","circuits.over":"{amps} A too much","circuits.fed":"{amps} A fed in","circuits.house":"House","circuits.drawing":"What draws power here, A on its fullest phase","circuits.chargers":"Chargers on this circuit","circuits.power":"Power","circuits.unbalance":"Difference between phases","circuits.overloaded":"More flows than the limit allows. Cars are turned down; if that is not enough, switch something else off.","circuits.cooling":"The overload is over. Cars go on when the fuse has had a minute to cool down.","circuits.blind":"The meters are silent: {amps} A are assumed beside the cars.","circuits.assumed":"No meter: {amps} A are assumed beside the cars.","circuits.lowered":"Limited to {limit} A for now.","circuits.next":"Next in turn","circuits.turn":"Number {turn} in turn","circuits.exported":"{amps} A exported","reason.boost":"{limit} A: the home battery is drained into the car","view.plan":"Plan","plan.chart":"Price and power over two days","plan.price":"Price per kWh","plan.price_reckoned":"Price, not yet published","plan.power":"Power, kW","plan.sun":"Solar forecast","plan.drawn":"Drawn","plan.planned":"Planned","plan.now":"Now","plan.pick":"Quarter hour","plan.no_price":"Price not known","plan.sun_range":"{low} to {high} kW likely","plan.reason.minimum":"the minimum, charged at once","plan.reason.shows":"a moment, to see on how many phases the car charges","plan.reason.solar":"from the sun","plan.reason.needed":"needed to be ready on time","plan.reason.cheapest":"power costs least then","plan.reason.steady":"goes on: a pause would not pay for a new start","plan.reason.cleaner":"cleaner than hours that cost no more","plan.reason.extra":"more than the goal: power is cheap enough","plan.reason.waits":"waits for a cheaper hour","plan.reason.waits_cleaner":"waits for a cleaner hour","plan.reason.fuse":"waits: the fuse leaves too little","plan.reason.peak":"waits: it would raise the month's peak","plan.reason.price_limit":"has its goal; more would be too dear","plan.reason.ready":"has what was wanted","plan.table":"As a table","plan.hour":"Hour","plan.cars":"Cars","plan.waits":"Waits until {time}","plan.charges":"Charges until {time}","plan.saves":"saves {amount}","plan.ready":"ready {time}","plan.ready_before":"ready {time}, {before} before departure","plan.content":"It has what was wanted.","plan.late":"It will not be ready by {time}: fuses and other cars leave too little. {energy} kWh will be missing; let it leave later, or lower the goal.","plan.impossible":"It will not be ready by {time} even at full power. {energy} kWh will be missing; let it leave later, or lower the goal.","plan.costs":"Costs","plan.takes":"Takes","plan.goal":"Goal","plan.departure":"Leaves","plan.goal_of":"Goal of {name}","plan.day_of":"Day on which {name} leaves","plan.time_of":"Time at which {name} leaves","plan.unit_of":"{name}: unit of the goal","plan.as_usual":"Leave as usual","plan.forget_guest":"Plan for it no longer","plan.becomes_usual":"This becomes its usual goal.","plan.goal_once":"The goal is for this departure only.","plan.leaves_once":"This departure counts once only.","plan.guest_once":"This holds for this session only.","plan.overdue":"It is still here, and is charged until {time} at most.","plan.own_goal":"The goal is for this departure only; usually it is {percent}.","plan.counted":"Counted from when it was plugged in.","plan.full_means":"It is taken for empty until it stops by itself.","plan.later":"Also charged before: {goal} for {time}, by its calendar.","plan.from.once":"{time}, set once.","plan.from.calendar":"{time}, by its calendar.","plan.from.week":"{time}, as every week.","plan.from.guest":"{time}, for this session.","plan.apply":"Apply","plan.keep":"Keep as it is","plan.if":"Leaving {time} with {goal}","plan.reckoning":"Reckoning what that means …","plan.change.more":"{amount} more than now","plan.change.less":"{amount} less than now","plan.change.same":"the same as now","plan.others":"Or leave earlier or later","plan.other.leave":"Leave {time}","plan.other.missing":"{energy} kWh missing","plan.other.more":"{amount} more","plan.other.less":"{amount} less","plan.other.same":"same cost","plan.at_once":"Charged at once: ready {time}, {cost}.","plan.supposed":"Drawn as it would be. Nothing is applied yet.","plan.now_at":"{percent} now","plan.guest":"Guest","plan.full":"full","plan.why.away":"Not plugged in. It is planned for once it is.","plan.why.idle":"No session is running at {evse}. It is planned for once one starts.","plan.why.departure":"Say when it leaves, then it is planned for.","plan.why.mode":"Planned for in the mode {smart} only; the mode of {evse} is {mode}.","plan.why.price":"No price is known, so no hour is better than another.","plan.why.soon":"The plan comes in a moment.","plan.smart":"Switch to {smart}","plan.no_vehicle":"No car yet","plan.no_vehicle_means":"Tell how big the battery of your car is and when it leaves. It is then charged when power costs least, and ready on time.","plan.add":"Add a car","plan.add_where":"On the page of the integration, choose Add vehicle.","plan.ask_owner":"Ask the owner of this home to add your car.","plan.no_prices":"No price is known for the hours to come","plan.no_prices_do":"Cars charge by the sun and at once. Name a tariff of the grid in the rules of the site.","plan.settings":"Open the settings","card.ready":"Ready {time}","card.goal":"Goal {goal}"}`),On={de:()=>import(`./ev-station-de.js`),fr:()=>import(`./ev-station-fr.js`),nl:()=>import(`./ev-station-nl.js`)},kn=e=>e.replace(/-.*/,``);async function An(e){let t=On[kn(e)];return t?(await t()).default:Dn}function jn(e,t){return e.replace(/\{(\w+)\}/g,(e,n)=>String(t[n]??e))}function Mn(e=`en`,t=Dn){let n=new Intl.PluralRules(t===Dn?`en`:kn(e));return(e,r={})=>{let{count:i}=r;return jn((typeof i==`number`?t[`${e}_${n.select(i)}`]:void 0)??t[`${e}_other`]??t[e]??e,r)}}function Nn(e,t){let n={...e,...t};return Object.fromEntries(Object.entries(n).filter(e=>e[1]!==null))}function Pn(e,t,n){return Object.fromEntries(Object.entries(t).map(([t,r])=>{let i=r?.history??e[t]?.history??[];return[t,r&&{...r,history:i,seen_at:n}]}))}function Fn(e,t,n){if(t.kind===`snapshot`){let{site:e,chargers:r,evses:i,circuits:a,plan:o,attempts:s}=t;return{site:e,chargers:r,evses:Nn({},Pn({},i,n)),circuits:a,plan:o,attempts:s}}return e&&{site:t.site??e.site,chargers:t.chargers?Nn(e.chargers,t.chargers):e.chargers,evses:t.evses?Nn(e.evses,Pn(e.evses,t.evses,n)):e.evses,circuits:t.circuits?Nn(e.circuits,t.circuits):e.circuits,plan:t.plan??e.plan,attempts:t.attempts??e.attempts}}function In(e){return Object.values(e.evses).sort((e,t)=>e.name.localeCompare(t.name,void 0,{numeric:!0})||e.id.localeCompare(t.id))}function Ln(e){return Object.values(e.evses).flatMap(e=>e.session?.id??[]).sort().join(`|`)}var Rn=`/ev-station`;function zn(e,t){let n=e?.path.split(`/`)[1];return t.find(e=>e===n)}function Bn(e,t){return e?.prefix===Rn&&zn(e,t)===void 0}function N(e){return`${Rn}/${e}`}function Vn({entry_id:e}){return`/config/integrations/integration/ev_station#config_entry=${e}`}function Hn(e,{replace:t=!1}={}){t?history.replaceState(history.state,``,e):history.pushState(null,``,e),window.dispatchEvent(new CustomEvent(`location-changed`,{detail:{replace:t}}))}function Un(e){return e.button===0&&!(e.metaKey||e.ctrlKey||e.shiftKey||e.altKey)}function Wn(e){let t=new URLSearchParams(e),n=t.get(`sheet`),r=t.get(`month`);return{...n?{sheet_id:n}:{},...r&&/^\d{4}-\d{2}$/.test(r)?{month:r}:{}}}function Gn({sheet_id:e,month:t}){let n=new URLSearchParams({...e?{sheet:e}:{},...t?{month:t}:{}}),r=n.size?`?${n.toString()}`:``;history.replaceState(history.state,``,location.pathname+r)}function P(e){return t=>{customElements.get(e)||customElements.define(e,t)}}function F(e){return x`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d=${e} /></svg>`}function Kn(e){return t=>{Un(t)&&(t.preventDefault(),Hn(N(e)))}}var qn=h`
:host {
--ev-accent: var(--primary-color, #009ac7);
--ev-good: var(--success-color, #43a047);
--ev-warn: var(--warning-color, #ffa600);
--ev-bad: var(--error-color, #db4437);
--ev-text: var(--primary-text-color, #212121);
--ev-muted: var(--secondary-text-color, #6b6b6b);
--ev-line: var(--divider-color, rgba(127, 127, 127, 0.24));
--ev-surface: var(--card-background-color, #fff);
--ev-page: var(--primary-background-color, #fafafa);
--ev-radius: var(--ha-card-border-radius, 12px);
/* Towards the text colour a hue keeps its contrast on light and on dark. */
--ev-accent-text: color-mix(in srgb, var(--ev-accent) 64%, var(--ev-text));
--ev-size: var(--ha-font-size-m, 14px);
--ev-size-small: var(--ha-font-size-s, 12px);
--ev-size-display: var(--ha-font-size-5xl, 40px);
}
`,I=h`
* {
box-sizing: border-box;
}
h1,
h2,
h3,
p,
dl,
dd,
ol,
ul,
figure {
margin: 0;
padding: 0;
}
ol,
ul {
list-style: none;
}
h2,
h3 {
font-size: var(--ev-size);
font-weight: 500;
line-height: 20px;
overflow-wrap: anywhere;
}
.icon {
flex: none;
width: 20px;
height: 20px;
fill: currentcolor;
}
.small {
font-size: var(--ev-size-small);
line-height: 16px;
}
.muted {
color: var(--ev-muted);
}
.display {
font-size: var(--ev-size-display);
font-weight: 400;
line-height: 48px;
letter-spacing: -0.01em;
white-space: nowrap;
}
.unit {
margin-inline-start: 4px;
color: var(--ev-muted);
font-size: var(--ev-size);
letter-spacing: 0;
}
.card {
padding: 16px;
border: 1px solid var(--ha-card-border-color, var(--ev-line));
border-radius: var(--ev-radius);
background: var(--ev-surface);
box-shadow: var(--ha-card-box-shadow, none);
}
/* The round sign at the head of a card. */
.badge {
display: grid;
flex: none;
place-items: center;
width: 40px;
height: 40px;
border-radius: 50%;
background: color-mix(in srgb, var(--tone, var(--ev-accent)) 18%, transparent);
color: var(--tone-text, var(--ev-accent-text));
}
.tone-active {
--tone: var(--ev-accent);
}
.tone-calm {
--tone: var(--ev-good);
}
.tone-warning {
--tone: var(--ev-warn);
}
.tone-error {
--tone: var(--ev-bad);
}
.tone-off {
--tone: var(--ev-muted);
}
.notice {
display: flex;
gap: 8px;
padding: 8px 12px;
border-radius: 8px;
background: color-mix(in srgb, var(--tone) 14%, transparent);
}
.notice > .icon {
color: color-mix(in srgb, var(--tone) 72%, var(--ev-text));
}
button,
select,
.button {
display: inline-flex;
align-items: center;
justify-content: center;
gap: 8px;
min-height: 40px;
padding: 0 16px;
border: 1px solid var(--ev-line);
border-radius: 20px;
background: transparent;
color: var(--ev-text);
font: inherit;
font-weight: 500;
text-decoration: none;
cursor: pointer;
}
button:hover:not(:disabled),
.button:hover {
background: color-mix(in srgb, var(--ev-text) 6%, transparent);
}
button.primary {
border-color: transparent;
background: color-mix(in srgb, var(--ev-accent) 82%, #000);
color: #fff;
}
button.primary:hover:not(:disabled) {
background: color-mix(in srgb, var(--ev-accent) 72%, #000);
}
button.tonal {
border-color: transparent;
background: color-mix(in srgb, var(--ev-accent) 18%, transparent);
color: var(--ev-accent-text);
}
button.tonal:hover:not(:disabled) {
background: color-mix(in srgb, var(--ev-accent) 28%, transparent);
}
button.plain {
border-color: transparent;
}
button.round,
.button.round {
flex: none;
width: 40px;
padding: 0;
border-color: transparent;
}
button:disabled {
opacity: 0.4;
cursor: default;
}
a {
color: var(--ev-accent-text);
}
:focus-visible {
outline: 2px solid var(--ev-accent-text);
outline-offset: 2px;
}
/* Into smaller text Safari zooms when somebody begins to type. */
@media (pointer: coarse) {
input,
select {
font-size: 16px;
}
}
@media (prefers-reduced-motion: reduce) {
*,
::before,
::after {
animation: none !important;
transition: none !important;
}
}
`,Jn=h`
.mark {
background: var(--pattern, none) var(--car);
}
.house {
--car: color-mix(in srgb, var(--ev-text) 44%, transparent);
}
.solar {
--car: var(--energy-solar-color, #ff9800);
}
.battery {
--car: var(--energy-battery-out-color, #4db6ac);
--pattern: repeating-linear-gradient(45deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
}
.grid-power {
--car: var(--energy-grid-consumption-color, #488fc2);
--pattern: repeating-linear-gradient(90deg, transparent 0 5px, rgba(255, 255, 255, 0.4) 5px 7px);
}
.other {
--car: var(--ev-muted);
--pattern: radial-gradient(rgba(255, 255, 255, 0.5) 1.5px, transparent 2px) 0 0 / 6px 6px;
}
.charge {
--car: var(--energy-battery-in-color, #f06292);
--pattern: repeating-linear-gradient(-45deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
}
.export {
--car: var(--energy-grid-return-color, #8353d1);
--pattern: repeating-linear-gradient(0deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
}
.car-0 {
--car: var(--color-1, #4269d0);
}
.car-1 {
--car: var(--color-9, #01ab63);
--pattern: repeating-linear-gradient(45deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
}
.car-2 {
--car: var(--color-5, #a463f2);
--pattern: repeating-linear-gradient(90deg, transparent 0 5px, rgba(255, 255, 255, 0.4) 5px 7px);
}
.car-3 {
--car: var(--color-3, #ff725c);
--pattern: repeating-linear-gradient(-45deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
}
.car-4 {
--car: var(--color-11, #c99000);
--pattern: radial-gradient(rgba(255, 255, 255, 0.5) 1.5px, transparent 2px) 0 0 / 6px 6px;
}
.car-5 {
--car: var(--color-13, #49a28f);
--pattern: repeating-linear-gradient(0deg, transparent 0 4px, rgba(255, 255, 255, 0.4) 4px 6px);
}
`,L={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Yn=e=>(...t)=>({_$litDirective$:e,values:t}),Xn=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:Zn}=bt,Qn=e=>e,$n=e=>e.strings===void 0,er=()=>document.createComment(``),tr=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new Zn(r.insertBefore(er(),i),r.insertBefore(er(),i),e,e.options);else{let t=n._$AB.nextSibling,a=n._$AM,o=a!==e;if(o){let t;n._$AQ?.(e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==a._$AU&&n._$AP(t)}if(t!==i||o){let e=n._$AA;for(;e!==t;){let t=Qn(e).nextSibling;Qn(r).insertBefore(e,i),e=t}}}return n},R=(e,t,n=e)=>(e._$AI(t,n),e),nr={},rr=(e,t=nr)=>e._$AH=t,ir=e=>e._$AH,ar=e=>{e._$AR(),e._$AA.remove()},or=(e,t,n)=>{let r=/* @__PURE__ */ new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},sr=Yn(class extends Xn{constructor(e){if(super(e),e.type!==L.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=ir(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,m=a.length-1;for(;d<=f&&p<=m;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=R(i[d],a[p]),d++,p++;else if(s[f]===o[m])c[m]=R(i[f],a[m]),f--,m--;else if(s[d]===o[m])c[m]=R(i[d],a[m]),tr(e,c[m+1],i[d]),d++,m--;else if(s[f]===o[p])c[p]=R(i[f],a[p]),tr(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=or(o,p,m),u=or(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=tr(e,i[d]);R(t,a[p]),c[p]=t}else c[p]=R(n,a[p]),tr(e,i[d],n),i[t]=null;p++}else ar(i[f]),f--}else ar(i[d]),d++;for(;p<=m;){let t=tr(e,c[m+1]);R(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&ar(e)}return this.ut=o,rr(e,c),C}}),cr={loading:!1,value:null,error:null},lr=class{constructor(e){this.changed=e,this.state=cr,this.latest=0}async ask(e,t=0){let n=++this.latest;if(this.set({...this.state,loading:!0}),t>0&&await new Promise(e=>setTimeout(e,t)),n===this.latest)try{let t=await e();n===this.latest&&this.set({loading:!1,value:t,error:null})}catch(e){n===this.latest&&this.set({...this.state,loading:!1,error:e})}}forget(){this.latest+=1,this.state!==cr&&this.set(cr)}set(e){this.state=e,this.changed()}};function ur(e,t){return e.lines.filter(e=>e.driver_id===t).sort((e,t)=>e.started_at.localeCompare(t.started_at)||e.id.localeCompare(t.id))}function dr(e){return e.drivers.map(e=>e.driver_id).filter(t=>e.lines.some(e=>e.driver_id===t&&e.review))}function fr({drivers:e,total:t}){let n=e.map(e=>e.amounts);return[...new Set([...n,t.amounts].flatMap(e=>Object.keys(e)))].every(e=>dn(M(n.map(t=>t[e]??`0`)),t.amounts[e]??`0`))&&dn(M(e.map(e=>e.energy_wh)),t.energy_wh)&&e.reduce((e,t)=>e+t.sessions,0)===t.sessions}function pr(e){let t=M(e.periods.map(e=>e.amount));return e.periods.length===0||dn(t,e.amount)?null:t}function mr(e){return e.lines.length===0&&e.drivers.every(e=>e.sessions===0)}function z(e,t){e.dispatchEvent(new CustomEvent(`ev-say`,{detail:t,bubbles:!0,composed:!0}))}function hr(e,t,...n){return x`<section class="card empty">
${F(e)}
<h2>${t}</h2>
${n}
</section>`}function gr({live:{site:e},t},n){let r=x`<p class="muted">${t(n.means)}</p>`,i=e.is_admin?x`<a class="button" href=${Vn(e)}>${F(de)}${t(n.add)}</a>
<p class="small muted">${t(n.where)}</p>`:x`<p class="muted">${t(n.ask)}</p>`;return hr(n.icon,t(n.title),r,i)}var _r=h`
.empty {
display: grid;
gap: 8px;
justify-items: center;
max-width: 480px;
margin: 32px auto;
padding: 32px 24px;
text-align: center;
}
.empty > .icon {
width: 40px;
height: 40px;
color: var(--ev-muted);
}
`,vr=h`
:host {
display: block;
max-width: 960px;
margin-inline: auto;
}
.stale > :not(.notice) {
opacity: 0.5;
transition: opacity 200ms 200ms;
}
.wait {
padding: 32px;
text-align: center;
}
.toolbar {
display: flex;
flex-wrap: wrap;
align-items: center;
gap: 8px 16px;
margin-bottom: 16px;
}
.choice {
position: relative;
max-width: 100%;
}
select {
max-width: 100%;
padding-inline: 16px 40px;
background: var(--ev-surface);
appearance: none;
text-overflow: ellipsis;
}
.choice .icon {
position: absolute;
inset-inline-end: 12px;
top: 10px;
pointer-events: none;
rotate: 90deg;
}
.month {
display: flex;
align-items: center;
gap: 4px;
}
.month h3 {
min-width: 120px;
text-align: center;
}
.outputs {
display: flex;
gap: 8px;
margin-inline-start: auto;
}
.notice {
flex-wrap: wrap;
align-items: center;
margin-bottom: 16px;
}
.grow {
flex: 1 1 200px;
}
.sheet {
padding: 8px 0;
}
table {
width: 100%;
border-collapse: collapse;
}
th {
font-weight: inherit;
text-align: start;
}
th,
td {
padding: 8px 0 8px 16px;
vertical-align: top;
}
tr > :last-child {
padding-inline-end: 16px;
}
.number {
text-align: end;
white-space: nowrap;
}
thead th {
color: var(--ev-muted);
font-size: var(--ev-size-small);
line-height: 16px;
}
.driver > * {
border-top: 1px solid var(--ev-line);
font-weight: 500;
line-height: 24px;
}
.driver > *,
.line > * {
height: 40px;
}
.driver > th,
.line > td:first-child {
padding-block: 0;
}
.line > td:first-child {
padding-inline-start: 32px;
}
.opens {
cursor: pointer;
}
.opens:hover > * {
background: color-mix(in srgb, var(--ev-text) 4%, transparent);
}
.idle {
display: block;
padding: 8px 0 8px 20px;
}
.opener,
.opener:hover:not(:disabled) {
display: flex;
align-items: start;
justify-content: start;
gap: 4px;
width: 100%;
min-height: 40px;
margin-inline-start: -8px;
padding: 8px 4px;
border: 0;
border-radius: 8px;
background: none;
line-height: inherit;
text-align: start;
}
.opener > .icon {
margin-top: 2px;
color: var(--ev-muted);
transition: rotate 150ms;
}
.line .opener {
font-weight: 400;
}
.line .opener > .icon {
margin-top: 0;
}
.opener[aria-expanded="true"] > .icon {
rotate: 90deg;
}
.name {
overflow-wrap: anywhere;
}
.day {
display: block;
}
.marks {
display: flex;
flex-wrap: wrap;
gap: 0 12px;
}
.flag {
display: inline-flex;
align-items: center;
gap: 4px;
color: color-mix(in srgb, var(--tone) 56%, var(--ev-text));
white-space: nowrap;
}
.flag .icon {
width: 16px;
height: 16px;
}
.line.open > *,
.detail > * {
background: color-mix(in srgb, var(--ev-text) 4%, transparent);
}
.detail > * {
padding-block: 4px;
border: 0;
}
.detail > :first-child {
padding-inline-start: 52px;
}
.detail.head > * {
color: var(--ev-muted);
}
.detail.sum > * {
color: var(--ev-muted);
}
.detail.sum > :last-child {
border-top: 1px solid var(--ev-line);
color: inherit;
}
.detail.last > td {
padding-bottom: 16px;
}
dl {
display: grid;
gap: 8px;
margin-top: 8px;
}
dl > div {
display: grid;
grid-template-columns: 128px minmax(0, 1fr);
gap: 0 16px;
}
dt {
color: var(--ev-muted);
}
code {
font-family: var(--ha-font-family-code, monospace);
overflow-wrap: anywhere;
}
tfoot > tr > * {
padding-block: 12px 8px;
/* The line under which one adds up. */
border-top: 2px solid var(--ev-text);
font-weight: 500;
}
.paper {
display: none;
}
@container (max-width: 599px) {
.outputs {
margin: 0;
}
th,
td {
padding-inline-start: 8px;
}
.driver > th,
thead th:first-child,
tfoot th {
padding-inline-start: 12px;
}
.line > td:first-child {
padding-inline-start: 16px;
}
.detail > * {
font-size: var(--ev-size-small);
line-height: 16px;
}
.detail > :first-child {
padding-inline-start: 16px;
}
tr > :last-child {
padding-inline-end: 12px;
}
dl > div {
grid-template-columns: 1fr;
}
}
@media print {
:host {
max-width: none;
}
.screen,
.opener > .icon {
display: none;
}
.paper {
display: block;
width: 100%;
}
.month h3 {
min-width: 0;
}
.opener,
.idle {
margin: 0;
padding-inline: 0;
}
/* The total belongs under the last row, not at the foot of every page. */
tfoot {
display: table-row-group;
}
.card {
padding: 0;
border: 0;
box-shadow: none;
}
tr {
break-inside: avoid;
}
.driver,
.detail.head {
break-after: avoid;
}
}
`;function B(e,t,n,r){var i=arguments.length,a=i<3?t:r===null?r=Object.getOwnPropertyDescriptor(t,n):r,o;if(typeof Reflect==`object`&&typeof Reflect.decorate==`function`)a=Reflect.decorate(e,t,n,r);else for(var s=e.length-1;s>=0;s--)(o=e[s])&&(a=(i<3?o(a):i>3?o(t,n,a):o(t,n))||a);return i>3&&a&&Object.defineProperty(t,n,a),a}var yr={estimated:_e,provisional:ve,late:ce,conflict:a,clock_corrected:f,meter_reset:pe,meter_backwards:me,unpriced:c,unauthorized:le,quarantined:ie},br=[`provisional`,`conflict`,`meter_backwards`,`quarantined`],xr=e=>`driver:${e??``}`,Sr=e=>`line:${e}`,Cr=class extends D{constructor(...e){super(...e),this.open=/* @__PURE__ */ new Set,this.query={},this.loader=new lr(()=>{this.requestUpdate()}),this.sheetChosen=e=>{let{month:t}=this.query;this.go({sheet_id:e.target.value,...t?{month:t}:{}})}}connectedCallback(){super.connectedCallback(),this.query=Wn(location.search)}willUpdate(e){let t=e.get(`context`);(!this.hasUpdated||t&&Ln(t.live)!==Ln(this.context.live))&&this.load()}async load(){await this.loader.ask(()=>Zt(this.context.hass,this.query))}async go(e){this.query=e,Gn(e),await this.load()}toggle(e){let t=new Set(this.open);t.delete(e)||t.add(e),this.open=t}isOpen(e,t){return this.open.has(xr(t.driver_id))!==(e.drivers.length===1)}render(){let{value:e,loading:t,error:n}=this.loader.state,{t:r}=this.context;return x`<div class=${t&&e?`stale`:``} aria-busy=${t?`true`:`false`}>
${n?this.failure(n):w}
${e?this.page(e):n?w:x`<p class="wait muted" role="status">${r(`loading`)}</p>`}
</div>`}failure(e){let{t:n}=this.context;return x`<div class="notice tone-error" role="alert">
${F(t)}
<p class="grow">${j(e,n)}</p>
<button @click=${()=>void this.load()}>${n(`action.retry`)}</button>
</div>`}page(e){let{live:t,t:n}=this.context;return e.sheet_id===null?this.empty(n(`billing.no_sheet`),n(t.site.is_admin?`billing.no_sheet_do`:`billing.ask_owner`)):x`${this.toolbar(e)} ${this.reviewBanner(e)}
${mr(e)?this.emptyMonth(e):this.table(e)}`}toolbar(e){let{live:t,t:n,f:r}=this.context,{sheets:i,sheet_id:a,previous_month:o,next_month:s}=e,c=i.find(({id:e})=>e===a),l=(t,n,r)=>x`<button
class="round screen"
?disabled=${t===null}
aria-label=${r}
title=${r}
@click=${()=>void this.go({sheet_id:e.sheet_id??``,month:t??``})}
>
${F(n)}
</button>`;return x`<div class="toolbar">
<p class="paper muted">${t.site.name}</p>
${i.length>1?x`<div class="choice screen">
<select aria-label=${n(`billing.sheet`)} @change=${this.sheetChosen}>
${i.map(({id:e,name:t})=>x`<option value=${e} ?selected=${e===a}>${t}</option>`)}
</select>
${F(d)}
</div>`:w}
<h2 class=${i.length>1?`paper`:``}>${c?.name}</h2>
<div class="month" role="group" aria-label=${n(`billing.month`)}>
${l(o,`M15.41,16.58L10.83,12L15.41,7.41L14,6L8,12L14,18L15.41,16.58Z`,n(`billing.previous`))}
<h3 aria-live="polite">${r.month(e.month)}</h3>
${l(s,d,n(`billing.next`))}
</div>
<div class="outputs screen">
<button @click=${()=>void this.saveCsv(e)}>${F(`M5,20H19V18H5M19,9H15V3H9V9H5L12,16L19,9Z`)}CSV</button>
<button
@click=${()=>{print()}}
>
${F(`M18,3H6V7H18M19,12A1,1 0 0,1 18,11A1,1 0 0,1 19,10A1,1 0 0,1 20,11A1,1 0 0,1 19,12M16,19H8V14H16M19,8H5A3,3 0 0,0 2,11V17H6V21H18V17H22V11A3,3 0 0,0 19,8Z`)}${n(`action.print`)}
</button>
</div>
</div>`}async saveCsv(e){let{hass:t,t:n}=this.context;z(this,null);try{await rn(t,e.csv_path)}catch(e){z(this,j(e,n))}}reviewBanner(e){let{t:n}=this.context,r=e.lines.filter(e=>e.review).length;if(r===0)return w;let i=dr(e).filter(t=>e.drivers.length>1&&!this.open.has(xr(t)));return x`<div class="notice tone-warning" role="status">
${F(t)}
<p class="grow">${n(`billing.review`,{count:r})}</p>
${i.length?x`<button
class="screen"
@click=${()=>{this.open=/* @__PURE__ */ new Set([...this.open,...i.map(xr)])}}
>
${n(`billing.review_show`)}
</button>`:w}
</div>`}emptyMonth(e){let{t,f:n,live:r}=this.context,i=e.month===n.monthOf(Date.now()),a=n.monthName(e.month);return i?this.empty(t(`billing.empty_now`,{month:a}),t(r.site.is_admin?`billing.empty_do`:`billing.empty_own_do`)):this.empty(t(`billing.empty_past`,{month:a}),null)}empty(e,t){return hr(ee,e,t===null?w:x`<p class="muted">${t}</p>`)}table(e){let{t:n,f:r}=this.context,i=r.kwhDigits([...e.lines,...e.drivers].map(e=>e.energy_wh)),{total:a}=e;return x`${fr(e)?w:x`<p class="notice tone-error" role="alert">${F(t)}${n(`billing.no_match`)}</p>`}
<div class="card sheet">
<table>
<thead>
<tr>
<th scope="col">${n(`billing.driver`)}</th>
<th scope="col" class="number">kWh</th>
<th scope="col" class="number">${n(`billing.sessions`)}</th>
<th scope="col" class="number">${n(`billing.amount`)}</th>
</tr>
</thead>
${sr(e.drivers,e=>e.driver_id,t=>this.driver(e,t,i))}
<tfoot>
<tr>
<th scope="row">${n(`billing.total`)}</th>
<td class="number">${r.kwh(a.energy_wh,i)}</td>
<td class="number">${r.number(a.sessions)}</td>
<td class="number">${r.amounts(a.amounts)}</td>
</tr>
</tfoot>
</table>
</div>`}driver(e,t,n){let{t:r,f:i}=this.context,a=ur(e,t.driver_id),o=this.isOpen(e,t),s=t.driver_id===null?r(`billing.unassigned`):t.name,c=a.length?this.toggler(xr(t.driver_id)):w;return x`<tbody>
<tr class="driver ${a.length?`opens`:`muted`}" @click=${c}>
<th scope="row">${a.length?this.opener(o,s):x`<span class="idle">${s}</span>`}</th>
<td class="number">${i.kwh(t.energy_wh,n)}</td>
<td class="number">${i.number(t.sessions)}</td>
<td class="number">${i.amounts(t.amounts)}</td>
</tr>
${o?a.map(e=>this.line(e,n)):w}
</tbody>`}toggler(e){return()=>{this.toggle(e)}}opener(e,t){return x`<button class="opener" aria-expanded=${e?`true`:`false`}>
${F(d)}<span>${t}</span>
</button>`}line(e,t){let{t:n,f:r}=this.context,i=Sr(e.id),a=this.open.has(i),o=e.kind===`session`?w:this.mark(`M20.71,7.04C21.1,6.65 21.1,6 20.71,5.63L18.37,3.29C18,2.9 17.35,2.9 16.96,3.29L15.12,5.12L18.87,8.87M3,17.25V21H6.75L17.81,9.93L14.06,6.18L3,17.25Z`,n(`billing.${e.kind}`)),s=x`<span class="day">${r.day(e.started_at)}</span>
<span class="marks small muted">
<span>${r.hours(e.started_at,e.ended_at)}</span> <span>${e.evse_name}</span>
${o} ${e.flags.map(e=>this.flag(e))}
</span>`;return x`<tr class="line opens ${a?`open`:``}" @click=${this.toggler(i)}>
<td>${this.opener(a,s)}</td>
<td class="number">${r.kwh(e.energy_wh,t)}</td>
<td></td>
<td class="number">${r.money(e.amount,e.currency)}</td>
</tr>
${a?this.details(e):w}`}flag(e){let t=br.includes(e)?`warning`:`off`;return this.mark(yr[e],this.context.t(`flag.${e}`),t)}mark(e,t,n=`off`){return x`<span class="flag tone-${n}">${F(e)}${t}</span>`}details(e){return x`${e.periods.length?this.periods(e):w}
<tr class="detail last">
<td colspan="4">${this.evidence(e)}</td>
</tr>`}periods(e){let{t,f:n}=this.context,{periods:r,currency:i}=e,a=pr(e),o=n.kwhDigits(r.map(e=>e.energy_wh)),s=n.moneyDigits(r.flatMap(e=>e.price_per_kwh??[]),i),c=n.moneyDigits(r.map(e=>e.amount),i);return x`<tr class="detail head small">
<th scope="col">${t(`billing.period`)}</th>
<th scope="col" class="number">kWh</th>
<th scope="col" class="number">${t(`billing.price`)}</th>
<th scope="col" class="number">${t(`billing.amount`)}</th>
</tr>
${r.map(({start:e,end:t,energy_wh:r,price_per_kwh:a,amount:l})=>x`<tr class="detail">
<td>${n.clockSpan(e,t)}</td>
<td class="number">${n.kwh(r,o)}</td>
<td class="number">${a===null?`–`:n.money(a,i,s)}</td>
<td class="number">${n.money(l,i,c)}</td>
</tr>`)}
${a===null?w:x`<tr class="detail sum">
<td colspan="3">${t(`billing.rounded`,{exact:n.money(a,i,c)})}</td>
<td class="number">${n.money(e.amount,i)}</td>
</tr>`}`}evidence({flags:e,meter_start_wh:t,meter_stop_wh:n,seal:r}){let{t:i,f:a}=this.context,o=e=>e===null?i(`billing.not_known`):`${a.kwh(e,3)} kWh`;return x`<dl class="small">
${e.map(e=>x`<div>
<dt>${this.flag(e)}</dt>
<dd>${i(`flag.${e}_means`)}</dd>
</div>`)}
${t===null&&n===null?w:x`<div>
<dt>${i(`billing.meter`)}</dt>
<dd>${o(t)} → ${o(n)}</dd>
</div>`}
<div>
<dt>${i(`billing.seal`)}</dt>
<dd><code>${r}</code><br /><span class="muted">${i(`billing.seal_means`)}</span></dd>
</div>
</dl>`}static{this.styles=[I,_r,vr]}};B([O({attribute:!1})],Cr.prototype,`context`,void 0),B([k()],Cr.prototype,`open`,void 0),Cr=B([P(`ev-billing-view`)],Cr);var wr=230,Tr=[0,1,2],Er=e=>e.reduce((e,t)=>e+t,0);function Dr(e,t){return Object.values(e).filter(n=>(n.parent!==null&&n.parent in e?n.parent:null)===t).sort((e,t)=>e.name.localeCompare(t.name,void 0,{numeric:!0}))}function Or(e,t){return[...t.evses,...Dr(e,t.id).flatMap(t=>Or(e,t))]}function kr({house_a:e,limit_a:t,fuse_a:n},r,i){let a=e?.[i]??0,o=r.map(({evse:e,index:t})=>({evse:e,index:t,amps:e.site_a?.[i]??0})),s=[{evse:null,index:0,amps:Math.max(a,0)},...o].filter(({amps:e})=>e>.05),c=a+Er(o.map(({amps:e})=>e));return{phase:i+1,parts:s,total:c,fed:Math.max(-a,0),limit:t,headroom:t-c,scale:Math.max(n,Er(s.map(({amps:e})=>e)))}}function Ar(e,t){let[n,r,i]=e;return t&&n&&r?.total===0&&i?.total===0?[n]:e}function jr(e,t,n){let r=new Set(Or(e.circuits,n)),i=t.filter(({evse:e})=>r.has(e.id)),a=Tr.map(e=>kr(n,i,e)),o=a.map(({total:e})=>e),{power_limit_w:s,unbalanced_limit_a:c}=n;return{circuit:n,phases:Ar(a,n.measured),drawing:i.map(({evse:e,index:t})=>({evse:e,index:t,amps:Math.max(...e.site_a??[0])})).filter(({amps:e})=>e>.05),evses:t.map(({evse:e})=>e).filter(({id:e})=>n.evses.includes(e)),queue:n.queue.flatMap(t=>e.evses[t]??[]),power:s===null?null:{used:Er(o)*wr,limit:s},unbalance:c===null?null:{used:Math.max(...o)-Math.min(...o),limit:c},below:Dr(e.circuits,n.id).map(n=>jr(e,t,n))}}function Mr(e){let t=In(e).map((e,t)=>({evse:e,index:t}));return Dr(e.circuits,null).map(n=>jr(e,t,n))}function Nr(e){return Mr(e).flatMap(({circuit:e,phases:t})=>t.map(t=>({circuit:e,load:t}))).sort((e,t)=>e.load.headroom-t.load.headroom)[0]??null}var Pr=6,Fr=1,Ir={connectorlockfailure:`replug`,evcommunicationerror:`replug`,groundfailure:`electrician`,hightemperature:`cool`,overcurrentfailure:`replug`,overvoltage:`electrician`,powermeterfailure:`restart`,powerswitchfailure:`electrician`,readerfailure:`restart`,undervoltage:`electrician`,weaksignal:`restart`};function Lr(e){let t=e?.toLowerCase().replace(/[^a-z]/g,``);return Object.keys(Ir).find(e=>e===t)}function Rr(e,{t}){let n=Lr(e.error),r=e.error?t(`state.fault_named`,{error:e.error}):t(`state.fault`);return{symbol:`fault`,tone:`error`,state:n?t(`fault.${n}`):r,hint:t(n?`advice.${Ir[n]}`:`advice.replug`)}}function zr(e,{t,f:n,now:r}){let i=e?.last_seen;return{symbol:`offline`,tone:`error`,state:i?t(`state.offline_since`,{time:n.moment(i,r)}):t(`state.offline`),hint:t(`hint.offline`)}}var Br=[`state.charging_1p`,`state.charging_2p`,`state.charging_3p`];function Vr(e,{t,f:n}){let r=e.filter(e=>e!==null&&e>=Fr),i=Br[r.length-1];return i?t(i,{current:n.number(Math.max(...r))}):t(`state.charging`)}var Hr=[`ready`,`away`,`paused`,`maximum`];function Ur({reason:e},{t,f:n}){if(!e||Hr.includes(e.word))return null;let{word:r,limit_a:i,circuit:a,phase:o,cars:s,until:c}=e;return t(`reason.${r}`,{limit:n.amps(i),circuit:a??`?`,phase:o===null?`?`:`L${o}`,cars:s,until:c?n.time(c):`?`})}function Wr({name:e,session:t}){return t?.driver?`${t.driver.name} · ${e}`:e}function Gr({total:e,limit:t},{t:n,f:r}){return e<0?n(`circuits.exported`,{amps:r.amps(-e)}):n(`circuits.of`,{load:r.amps(e),limit:r.amps(t)})}function Kr(e,{t,f:n}){return t(e.headroom<0?`circuits.over`:`circuits.free`,{amps:n.amps(Math.abs(e.headroom))})}function qr({circuit:e,phases:t},{t:n,f:r}){let{overloaded:i,metered:a,measured:o,house_a:s,limit_a:c,fuse_a:l}=e,u=r.amps(Math.max(0,...s??[])),d=[],f=t.some(e=>e.headroom<0);return i&&d.push({kind:`overload`,text:n(f?`circuits.overloaded`:`circuits.cooling`)}),a&&!o&&d.push({kind:`blind`,text:n(`circuits.blind`,{amps:u})}),a||d.push({kind:`assumed`,text:n(`circuits.assumed`,{amps:u})}),c<l&&d.push({kind:`lowered`,text:n(`circuits.lowered`,{limit:r.amps(c)})}),d}function Jr(e){return e.enabled?e.limit_a!==null&&e.limit_a<Pr?`hint.limit_too_low`:`hint.suspended_evse`:`hint.switched_off`}function Yr(e,t){return e.enabled?t?e.can.start?`hint.start_plugged`:`hint.card_plugged`:e.can.start?`hint.start_free`:`hint.card_free`:`hint.switched_off`}function Xr(e,t,n){let{t:r}=n,i=(e,t,n,i)=>({symbol:e,tone:t,state:r(n),hint:i&&r(i)});if(!t?.connected)return zr(t,n);switch(e.status){case`faulted`:return Rr(e,n);case`charging`:return{symbol:`charging`,tone:`active`,state:Vr(e.currents_a,n),hint:Ur(e,n)};case`available`:return i(`free`,`calm`,`state.available`,Yr(e,!1));case`preparing`:return e.session?i(`plugged`,`active`,`state.starting`,`hint.starting`):i(`plugged`,`warning`,`state.preparing`,Yr(e,!0));case`suspended_ev`:return i(`paused`,`off`,`state.suspended_ev`,`hint.suspended_ev`);case`suspended_evse`:return{symbol:`paused`,tone:`off`,state:r(`state.suspended_evse`),hint:Ur(e,n)??r(Jr(e))};case`finishing`:return i(`done`,`calm`,`state.finishing`,`hint.finishing`);case`reserved`:return i(`reserved`,`warning`,`state.reserved`,`hint.reserved`);case`unavailable`:return i(`out_of_use`,`warning`,`state.unavailable`,`hint.unavailable`);case`unknown`:return i(`unknown`,`off`,`state.unknown`,`hint.unknown`)}}var Zr=h`
:host {
display: block;
max-width: 840px;
margin-inline: auto;
}
.tree,
.tree ol {
display: grid;
gap: 16px;
}
/* What hangs on a circuit hangs below it. */
.tree ol {
margin-top: 16px;
padding-inline-start: 16px;
border-inline-start: 2px solid var(--ev-line);
}
.tree li {
min-width: 0;
}
.card {
display: grid;
gap: 16px;
}
.card.overloaded {
border-color: var(--ev-bad);
}
header {
display: flex;
align-items: center;
gap: 12px;
}
.overloaded .badge {
background: color-mix(in srgb, var(--ev-bad) 18%, transparent);
color: color-mix(in srgb, var(--ev-bad) 72%, var(--ev-text));
}
.title {
flex: 1;
min-width: 0;
}
header .round {
margin-inline-end: -8px;
color: var(--ev-muted);
}
.notes {
display: grid;
gap: 8px;
}
.notes li.muted {
display: flex;
align-items: center;
gap: 8px;
}
.notes li.muted .icon {
width: 16px;
height: 16px;
}
.phases {
display: grid;
gap: 8px;
}
.phases > li {
display: grid;
grid-template-columns: 24px 1fr auto;
gap: 0 8px;
align-items: baseline;
}
.phases .phase {
font-weight: 500;
}
.phases .phase-bar {
grid-column: 1 / -1;
}
.free {
text-align: end;
}
.limits {
display: flex;
flex-wrap: wrap;
gap: 8px 24px;
}
.places {
display: grid;
gap: 12px;
padding-top: 16px;
border-top: 1px solid var(--ev-line);
}
.places .name {
font-weight: 500;
overflow-wrap: anywhere;
}
.turn {
display: inline-flex;
align-items: center;
gap: 4px;
margin-top: 4px;
padding: 2px 8px 2px 4px;
border-radius: 10px;
background: color-mix(in srgb, var(--ev-warn) 18%, transparent);
}
.turn .icon {
width: 16px;
height: 16px;
}
@container (max-width: 599px) {
.tree ol {
padding-inline-start: 8px;
}
}
@container (min-width: 600px) {
.phases {
grid-template-columns: 24px minmax(0, 1fr) auto auto;
column-gap: 16px;
}
.phases > li {
grid-column: 1 / -1;
column-gap: 16px;
grid-template-columns: subgrid;
align-items: center;
}
.phases .phase-bar {
grid-column: 2;
grid-row: 1;
}
.phases .flows {
grid-column: 3;
text-align: end;
}
}
`,Qr=h`
.phase-bar {
position: relative;
display: block;
padding-block: 2px;
}
.phase-bar .mark {
flex: none;
}
.phase-bar .limit {
position: absolute;
top: 0;
bottom: 0;
width: 2px;
margin-inline-start: -1px;
background: var(--ev-text);
}
.over {
color: color-mix(in srgb, var(--ev-bad) 72%, var(--ev-text));
font-weight: 500;
}
`,$r=({evse:e,index:t})=>e?`mark car car-${t%6}`:`mark house`,ei=(e,t)=>`${Math.round(e/t*1e3)/10}%`;function ti({parts:e,limit:t,scale:n}){return x`<span class="phase-bar" aria-hidden="true">
<span class="stack">
${e.map(e=>x`<span class=${$r(e)} style="width: ${ei(e.amps,n)}"></span>`)}
</span>
${t<n?x`<span class="limit" style="inset-inline-start: ${ei(t,n)}"></span>`:w}
</span>`}var ni=h`
.stack {
--stack: 12px;
display: flex;
gap: 1px;
overflow: hidden;
height: var(--stack);
border-radius: calc(var(--stack) / 2);
background: color-mix(in srgb, var(--ev-text) 8%, transparent);
}
.stack > .mark {
min-width: 2px;
transition:
width 400ms ease-out,
flex-grow 400ms ease-out;
}
.legend {
display: flex;
flex-wrap: wrap;
gap: 4px 16px;
}
.legend li {
display: flex;
align-items: center;
gap: 4px;
min-width: 0;
}
.legend .mark {
flex: none;
width: 12px;
height: 12px;
border-radius: 3px;
}
.legend .icon {
width: 16px;
height: 16px;
color: var(--ev-muted);
}
.legend .name {
overflow: hidden;
text-overflow: ellipsis;
white-space: nowrap;
}
.legend .figure {
margin-inline-start: 4px;
white-space: nowrap;
}
`,ri={overload:t,blind:m,assumed:m,lowered:re},ii=class extends D{render(){let e=Mr(this.context.live);return e.length===0?gr(this.context,{icon:ne,title:`circuits.none`,means:`circuits.none_means`,add:`circuits.add`,where:`circuits.add_where`,ask:`circuits.ask_owner`}):x`<ol class="tree">
${e.map(e=>this.branch(e))}
</ol>`}branch(e){let{circuit:t,below:n}=e;return x`<li>
<article class="card ${t.overloaded?`overloaded`:``}" aria-labelledby="name-${t.id}">
${this.heading(e)} ${this.notes(e)}
<ul class="phases">
${e.phases.map(e=>this.phase(e))}
</ul>
${this.legend(e)} ${this.limits(e)} ${this.places(e)}
</article>
${n.length?x`<ol>
${n.map(e=>this.branch(e))}
</ol>`:w}
</li>`}heading({circuit:e}){let{live:t,t:n,f:r}=this.context,i=n(`card.settings`,{name:e.name});return x`<header>
<span class="badge">${F(ne)}</span>
<div class="title">
<h2 id="name-${e.id}">${e.name}</h2>
<p class="small muted">${n(`circuits.fuse`,{limit:r.amps(e.fuse_a)})}</p>
</div>
${t.site.is_admin?x`<a class="button round" href=${Vn(t.site)} aria-label=${i} title=${i}
>${F(xe)}</a
>`:w}
</header>`}notes(e){let t=qr(e,this.context);return t.length===0?w:x`<ul class="notes">
${t.map(({kind:e,text:t})=>x`<li class=${e===`overload`||e===`blind`?`notice tone-warning`:`small muted`}>
${F(ri[e])}<span>${t}</span>
</li>`)}
</ul>`}phase(e){let{t,f:n}=this.context;return x`<li>
<span class="phase">L${e.phase}</span>
<span class="flows">
${Gr(e,this.context)}${e.fed>.05&&e.total>=0?x`<span class="muted"> · ${t(`circuits.fed`,{amps:n.amps(e.fed)})}</span>`:w}
</span>
<span class="free ${e.headroom<0?`over`:``}">${Kr(e,this.context)}</span>
${ti(e)}
</li>`}legend({phases:e,drawing:t}){let{t:n,f:r}=this.context,i=Math.max(...e.map(({parts:e})=>e.find(({evse:e})=>e===null)?.amps??0));if(!i&&t.length===0)return w;let a=(e,t)=>x`<li>
<span class=${$r(e)}></span>${e.evse?w:F(se)}
<span class="name">${t}</span>
<span class="figure">${r.amps(e.amps)}<span class="unit">A</span></span>
</li>`;return x`<ul class="legend" aria-label=${n(`circuits.drawing`)}>
${i?a({evse:null,index:0,amps:i},n(`circuits.house`)):w}
${t.map(e=>a(e,e.evse?Wr(e.evse):``))}
</ul>`}limits({power:e,unbalance:t}){let{t:n,f:r}=this.context;return!e&&!t?w:x`<dl class="limits">
${e?x`<div>
<dt class="small muted">${n(`circuits.power`)}</dt>
<dd class=${e.used>e.limit?`over`:``}>
${n(`circuits.of_kw`,{used:r.number(e.used/1e3,1),limit:r.number(e.limit/1e3,1)})}
</dd>
</div>`:w}
${t?x`<div>
<dt class="small muted">${n(`circuits.unbalance`)}</dt>
<dd class=${t.used>t.limit?`over`:``}>
${n(`circuits.of`,{load:r.amps(t.used),limit:r.amps(t.limit)})}
</dd>
</div>`:w}
</dl>`}places({evses:e,queue:t}){let{t:n}=this.context,r=t.filter(t=>!e.includes(t));return e.length+r.length===0?w:x`<ul class="places" aria-label=${n(`circuits.chargers`)}>
${[...e,...r].map(e=>this.place(e,t))}
</ul>`}place(e,t){let{live:n,t:r,f:i}=this.context,a={t:r,f:i,now:Date.now()},{state:o}=Xr(e,n.chargers[e.charger_id],a),s=Ur(e,a),c=t.indexOf(e)+1;return x`<li>
<p class="name">${Wr(e)}</p>
<p class="small muted">${o}${s===null?w:x`. ${s}`}</p>
${c?x`<p class="turn small">
${F(`M6,2H18V8H18V8L14,12L18,16V16H18V22H6V16H6V16L10,12L6,8V8H6V2M16,16.5L12,12.5L8,16.5V20H16V16.5M12,11.5L16,7.5V4H8V7.5L12,11.5M10,6H14V6.75L12,8.75L10,6.75V6Z`)}${c===1?r(`circuits.next`):r(`circuits.turn`,{turn:c})}
</p>`:w}
</li>`}static{this.styles=[I,_r,Jn,ni,Qr,Zr]}};B([O({attribute:!1})],ii.prototype,`context`,void 0),ii=B([P(`ev-circuits-view`)],ii);var ai=8;function oi({outcome:e,reason:t}){switch(e){case`accepted`:return{tone:`active`,outcome:`attempt.accepted`,advice:`attempt.accepted_do`};case`waiting`:return{tone:`warning`,outcome:`attempt.waiting`,advice:`attempt.waiting_do`};case`refused`:return t?{tone:`error`,outcome:`attempt.${t}`,advice:`attempt.${t}_do`}:{tone:`error`,outcome:`attempt.refused`,advice:`attempt.refused_do`}}}function si(e){return[...e].sort((e,t)=>t.at.localeCompare(e.at)).slice(0,ai)}function ci({vendor:e,model:t}){return[e,t].filter(Boolean).join(` `)}var li=[.2,3/8,5/9,2/3],ui=(e,t)=>n=>{let r=4*e+n-4,i=`*-04-39?2$%%$%%'$%''%'''%')(%'))%(++'(++'(+.'+-.',/3',33)-/5)-43).36)058*18<+37<+4:<,4:E,5<A-7>C/8@F/:EH/<EK0=FM1?IP2@KS3BNV4DPY5FS\\6HV_6IXb7K[e8N^i9Pam;Rdp<Tgt`.charCodeAt(r)-35,a=r>8?i:1,o=t/a|0,s=t%a,c=a-s,l=r>8?o*li[n]+(e>5)&-2:i,u=o-l;return{t:c*u+s*u+s,o:[[c,u],[s,u+1]],l}},di={L:0,M:1,Q:2,H:3},V=e=>new Uint8Array(e),fi=e=>{let t=/* @__PURE__ */ Error(`lean-qr error ${e}`);throw t.code=e,t},pi=(e,t=e*e,n=V(t))=>({size:e,i:n,get:(t,r)=>t>=0&&t<e&&!!(1&n[r*e+t]),u(t,{on:n=[0,0,0],off:r=[0,0,0,0],pad:i=4,padX:a=i,padY:o=i}={}){let s=e+2*a,c=e+2*o,l=t.createImageData(s,c),u=new Uint32Array(l.data.buffer);l.data.set([...n,255]);let d=u[0];l.data.set([...r,255]);let f=u[0];for(let e=0;e<c;++e)for(let t=0;t<s;++t)u[e*s+t]=this.get(t-a,e-o)?d:f;return l},toCanvas(e,t){let n=e.getContext(`2d`),r=this.u(n,t);e.width=r.width,e.height=r.height,n.putImageData(r,0,0)}}),mi=[(e,t)=>1&(e^t),(e,t)=>1&t,e=>e%3,(e,t)=>(e+t)%3,(e,t)=>1&(e/3^t>>1),(e,t)=>(e&t&1)+e*t%3,(e,t)=>(e&t)+e*t%3&1,(e,t)=>(e^t)+e*t%3&1],hi=V(511);for(let e=0,t=1;e<255;t=2*t^285*(t>127))hi[hi[t+255]=e++]=t;var gi=e=>hi[e%255],_i=e=>hi[e+255],vi=(e,t)=>{let n=V(e.length+t.length-1);for(let r=0;r<e.length;++r)for(let i=0;i<t.length;++i)n[r+i]^=gi(e[r]+t[i]);return n.map(_i)},yi=(e,t)=>{let n=V(e.length+t.length-1);n.set(e,0);for(let r=0;r<e.length;++r)if(n[r]){let e=_i(n[r]);for(let i=0;i<t.length;++i)n[r+i]^=gi(t[i]+e)}return n.slice(e.length)},bi=[[0],[0,0]];for(let e=1;e<30;++e)bi.push(vi(bi[e],[0,e]));var xi=(e,t)=>{let n=[[],[]],r=0,i=0;for(let[a,o]of t.o)for(let s=0;s<a;++s,r+=o){let a=e.slice(r,r+o);n[0].push(a),n[1].push(yi(a,bi[t.l])),i+=o+t.l}let a=V(i);i=0;for(let e of n)for(let t=0,n=-1;n<i;++t){n=i;for(let n of e)t<n.length&&(a[i++]=n[t])}return a},Si=(e,t,n)=>{let r=e<<=n;for(let e=134217728;e>>=1;)r&e&&(r^=t*(e>>n));return r|e},Ci=({size:e,i:t},n)=>{let r=(n,r,i,a)=>{for(;i-->0;n+=e)t.fill(a,n,n+r)},i=(t,n,i)=>{for(let a=0;a++<3;i-=2)r(n*e+t-(i>>1)*(e+1),i,i,2|a)},a=2*((e-13)/(1+(n/7|0))/2+.75|0);if(n>1)for(let t=e-7;t>8;t-=a){for(let e=t;e>8;e-=a)i(t,e,5);t<e-7&&i(t,6,5)}if(n>6)for(let r=Si(n,7973,12),i=1;i<7;++i)for(let n=12;n-->9;r>>=1)t[i*e-n]=2|1&r;r(7,2,9,2),r(e-8,8,9,2);for(let n=0;n<e;++n)t[6*e+n]=3^1&n;i(3,3,7),i(e-4,3,7);for(let n=0;n<e;++n)for(let r=n;r<e;++r)t[r*e+n]=t[n*e+r];t[(e-8)*e+8]=3},wi=({size:e,i:t})=>{let n=[];for(let r=e-2,i=e,a=-1;r>=0;r-=2){for(r===5&&(r=4);i+=a,i!==-1&&i!==e;){let a=i*e+r;t[a+1]||n.push(a+1),t[a]||n.push(a)}a*=-1}return n},Ti=({i:e},t,n)=>t.forEach((t,r)=>e[t]=n[r>>3]>>(7&~r)&1),Ei=({size:e,i:t},n,r,i)=>{for(let r=0;r<e;++r)for(let i=0;i<e;++i){let a=r*e+i;t[a]^=!(n(i,r)||2&t[a])}let a=21522^Si((1^i)<<3|r,1335,10);for(let n=0;n++<8;a>>=1)t[(n-(n<7))*e+8]=1&a,t[9*e-n]=1&a;for(let n=8;--n,a;a>>=1)t[8*e+n-(n<7)]=1&a,t[(e-n)*e+8]=1&a},Di=({size:e,i:t},n=0,r=0)=>{for(let i=0;i<e;++i){for(let a=0;a<2;++a)for(let o,s=0,c=0,l=2;s<e;++s){let u=1&t[a?i*e+s:s*e+i];r+=u,c=(c>>1|2098176)&(3047517^u-1),2049&c&&(n+=40),u^l&&(o=0),l=u,n+=++o===5?3:o>5}if(i)for(let r=e+i,a=5*t[i-1]^t[i];r<e*e;r+=e){let e=5*t[r-1]^t[r];n+=3*!(1&(a|e)|4&(a^e)),a=e}}return n+10*(10*Math.abs(r/(e*e)-1)|0)},Oi=[],ki=(e=fi(1),{minCorrectionLevel:t=0,minVersion:n=1}={})=>{typeof e!=`string`&&fi(5),e=new TextEncoder().encode(e);let r=V(2957);r.set([113,164,e.length>>8]);for(let i=n;i<41;++i){let n=Oi[i];n||(Oi[i]=n=pi(4*i+17),Ci(n,i),n.p=wi(n));let a=ui(i,n.p.length>>3)(t);if(a.t>=3+(i>9)+e.length){let o=i>9?3:2;for(r[o++]=e.length,r.set(e,o),o+=e.length-1;o<2954;r.set([236,17],o+=2));let s=pi(n.size,n.i);return Ti(s,n.p,xi(r,a)),mi.map((e,n)=>{let r=pi(s.size,s.i);return Ei(r,e,n,t),r.s=Di(r),r}).sort((e,t)=>e.s-t.s)[0]}}fi(4)},Ai=4;function ji(e){let t=ki(e,{minCorrectionLevel:di.M}),n=``;for(let e=0;e<t.size;e++)for(let r=0;r<t.size;r++)t.get(r,e)&&(n+=`M${r+Ai} ${e+Ai}h1v1h-1z`);return{size:t.size+8,path:n}}var Mi=3e3,Ni={accepted:u,waiting:ve,refused:e},Pi=class extends D{constructor(...e){super(...e),this.copied=null}render(){let{live:e,t}=this.context,[n]=e.site.ocpp_urls;return x`<div class="guide">
<section class="card steps">
<div class="words">
<h2>${t(`connect.title`)}</h2>
${n===void 0?x`<p>${t(`connect.no_address`)}</p>`:x`<ol>
<li>${t(`connect.step_find`)}</li>
<li>${t(`connect.step_type`)} ${e.site.ocpp_urls.map(e=>this.address(e))}</li>
<li>${t(`connect.step_wait`)}</li>
</ol>`}
</div>
${n===void 0?w:this.code(n)}
</section>
${this.attempts(si(e.attempts))}
</div>`}address(e){let{t}=this.context,n=this.copied===e;return x`<div class="address">
<code>${e}</code>
<button class="plain" @click=${()=>void this.copyAddress(e)}>
${F(n?l:`M19,21H8V7H19M19,5H8A2,2 0 0,0 6,7V21A2,2 0 0,0 8,23H19A2,2 0 0,0 21,21V7A2,2 0 0,0 19,5M16,1H4A2,2 0 0,0 2,3V17H4V3H16V1Z`)}<span aria-live="polite"
>${t(n?`connect.copied`:`connect.copy`)}</span
>
</button>
</div>`}code(e){let{t}=this.context,{size:n,path:r}=ji(e);return x`<figure>
<svg viewBox="0 0 ${n} ${n}" role="img" aria-label=${t(`connect.qr`,{url:e})}>
<rect width=${n} height=${n} fill="#fff" />
<path d=${r} fill="#000" />
</svg>
<figcaption class="small muted">${t(`connect.scan`)}</figcaption>
</figure>`}attempts(e){let{t}=this.context;return x`<section class="card">
<h2>${t(`connect.attempts`)}</h2>
<p class="listening muted"><span class="dot"></span>${t(`connect.listening`)}</p>
<ul aria-live="polite">
${e.map(e=>this.attempt(e))}
</ul>
</section>`}attempt(e){let{t,f:n}=this.context,{tone:r,outcome:i,advice:a}=oi(e);return x`<li class="attempt tone-${r}">
${F(Ni[e.outcome])}
<div>
<p class="facts">
<strong>${e.identity||t(`connect.nameless`)}</strong>
<span class="muted">${ci(e)}</span>
</p>
<p><span class="outcome">${t(i)}.</span> ${t(a)}</p>
${e.outcome===`waiting`?x`<a href="/config/integrations/dashboard">${t(`connect.open_settings`)}</a>`:w}
<p class="small muted">${n.moment(e.at,Date.now())} · ${e.address}</p>
</div>
</li>`}async copyAddress(e){await an(e)?(this.copied=e,setTimeout(()=>this.copied=null,Mi)):z(this,this.context.t(`error.copy`))}static{this.styles=[I,h`
.guide {
display: grid;
gap: 16px;
align-items: start;
max-width: var(--ev-guide-width, 960px);
margin-inline: auto;
}
.steps {
display: flex;
flex-wrap: wrap;
gap: 24px;
}
.words {
flex: 1 1 280px;
min-width: 0;
}
ol {
display: grid;
gap: 16px;
margin-top: 16px;
counter-reset: step;
}
ol > li {
position: relative;
padding-inline-start: 40px;
min-height: 24px;
counter-increment: step;
}
ol > li::before {
position: absolute;
inset-inline-start: 0;
top: -2px;
width: 24px;
height: 24px;
border-radius: 50%;
background: color-mix(in srgb, var(--ev-accent) 18%, transparent);
color: var(--ev-accent-text);
content: counter(step);
font-weight: 500;
line-height: 24px;
text-align: center;
}
.address {
display: flex;
flex-wrap: wrap;
align-items: center;
gap: 0 8px;
margin-top: 8px;
padding: 4px 4px 4px 12px;
border: 1px solid var(--ev-line);
border-radius: 8px;
background: var(--ev-page);
}
/* Where there is no room beside it the button goes below: who types it in reads it in one line. */
code {
flex: 1 1 208px;
min-width: 0;
padding-block: 6px;
font-family: var(--ha-font-family-code, monospace);
overflow-wrap: anywhere;
user-select: all;
}
figure {
width: 160px;
margin-inline: auto;
text-align: center;
}
figure svg {
display: block;
width: 160px;
height: 160px;
margin-bottom: 8px;
border-radius: 8px;
shape-rendering: crispedges;
}
.listening {
display: flex;
align-items: baseline;
gap: 8px;
margin-top: 8px;
}
.dot {
flex: none;
width: 8px;
height: 8px;
border-radius: 50%;
background: var(--ev-good);
animation: listen 2s ease-in-out infinite;
}
@keyframes listen {
50% {
opacity: 0.3;
}
}
.attempt {
display: flex;
gap: 12px;
margin-top: 16px;
padding-top: 16px;
border-top: 1px solid var(--ev-line);
}
.attempt > div {
display: grid;
gap: 4px;
min-width: 0;
overflow-wrap: anywhere;
}
.attempt > .icon,
.outcome {
color: color-mix(in srgb, var(--tone) 72%, var(--ev-text));
}
strong,
.outcome {
font-weight: 500;
}
`]}};B([O({attribute:!1})],Pi.prototype,`context`,void 0),B([k()],Pi.prototype,`copied`,void 0),Pi=B([P(`ev-connect-guide`)],Pi);var Fi=`07:00`,Ii=864e5,H=e=>e.slice(0,10),Li=e=>e.slice(11);function Ri(e,t){return t&&`${t}T${Li(e)||Fi}`}function zi(e,t,n){if(!t)return``;let r=H(n),i=H(e)>r?H(e):r,a=`${i}T${t}`;return a>n?a:`${Bi(i)}T${t}`}function Bi(e){return H(new Date(Date.parse(e)+Ii).toISOString())}var Vi=6e4,Hi=60*Vi,Ui=15*Vi,Wi=8*Hi,Gi=50;function Ki([e,t,n]){return{start:Date.parse(e),end:Date.parse(t),value:Number(n)}}function qi(e,t,n){let r=0,i=0;for(let a of e){let e=Math.min(a.end,n)-Math.max(a.start,t);e<=0||(r+=e,i+=a.value*e)}return r?i/r:null}function Ji({history:e},t){return e.map(([n,r],i)=>{let a=e[i+1];return{start:Date.parse(n),end:a?Date.parse(a[0]):t,value:r}})}function Yi(e,t){return In(e).map((t,n)=>({evse:t,plan:e.plan.plans[t.id]??null,vehicle:e.plan.vehicles.find(e=>e.evse===t.id)??null,index:n})).filter(({evse:e,plan:n})=>n!==null||e.history.some(([e,n])=>Date.parse(e)>=t&&n>Gi))}function Xi({solar:e},t){return e.flatMap(e=>{let n=e[t];return n===null?[]:[Ki([e[0],e[1],n])]})}function Zi(e,t){let{plan:n}=e,r=Math.floor(t/Hi)*Hi-Wi,i=Yi(e,r),a=n.prices.map(Ki),o=n.known_until===null?-1/0:Date.parse(n.known_until),[s,c,l]=[Xi(n,2),Xi(n,3),Xi(n,4)],u=i.map(({evse:e})=>Ji(e,t)),d=i.map(e=>(e.plan?.periods??[]).map(Ki)),f=Array.from({length:192},(e,n)=>{let i=r+n*Ui,f=i+Ui,p=i<t;return{start:i,end:f,past:p,price:qi(a,i,f),told:f<=o,sun:qi(s,i,f),sunLow:qi(c,i,f),sunHigh:qi(l,i,f),cars:(p?u:d).map(e=>Math.max(qi(e,i,f)??0,0))}});return{start:r,end:r+192*Ui,now:t,slots:f,cars:i}}function Qi(e){return Math.min(Math.max(Math.floor(e*192),0),191)}function $i({start:e},t){return Qi((t-e)/(192*Ui))}function ea({slots:e,now:t},{plan:n},r){let i=e[r];if(!n||!i||i.end<=t)return null;let a=([e,t])=>Math.min(Date.parse(t),i.end)-Math.max(Date.parse(e),i.start),[o]=n.periods.filter(e=>a(e)>0).sort((e,t)=>a(t)-a(e));return o?.[3]??null}function ta({periods:e},t){let n=e.filter(([,e])=>Date.parse(e)>t),r=(n[0]?.[2]??0)>0,i=n.findIndex(([,,e])=>e>0!==r),a=i>0?n[i]?.[0]:r?n.at(-1)?.[1]:void 0;return a===void 0?null:{draws:r,until:a}}var na=e=>e.reduce((e,t)=>e+t,0),ra=e=>e.length?na(e)/e.length:null;function ia({slots:e,cars:t,now:n}){let r=[];for(let i=0;i<e.length;i+=4){let a=e.slice(i,i+4),[o]=a;!o||o.start+Hi<=n||r.push({start:o.start,price:ra(a.flatMap(({price:e})=>e??[])),sun:ra(a.flatMap(({sun:e})=>e??[])),cars:t.map((e,t)=>na(a.flatMap(e=>e.cars.slice(t,t+1)))/a.length)})}return r}var aa=6e4,oa=`12:00`,sa=8640*aa;function U(e,{f:t,now:n}){let[r,i]=[t.local(Date.parse(e)),t.local(n)];return r<`${Bi(H(i))}T${Li(i)<oa?`00:00`:oa}`?t.time(e):Date.parse(e)-n<sa?t.weekday(e,n):t.moment(e,n)}function ca({ready_at:e,departure:t},n,r){if(e===null||t===null)return null;let{t:i,f:a}=n,o=Date.parse(t)-Date.parse(e),s=U(e,n);return r||o<aa?i(`plan.ready`,{time:s}):i(`plan.ready_before`,{time:s,before:a.lasting(o)})}function la(e,t){return t!==null&&Date.parse(t)<Date.parse(e)?t:e}function ua({periods:[e],ready_at:t}){return e===void 0||t!==null&&Date.parse(t)<=Date.parse(e[0])}function da(e,{currency:t},n,r=!1){let{t:i,f:a,now:o}=n,s=ta(e,o),c=s&&la(s.until,e.departure),l=s&&c&&i(s.draws?`plan.charges`:`plan.waits`,{time:U(c,n)}),u=e.saved!==null&&Number(e.saved)>0?e.saved:null,d=u&&i(`plan.saves`,{amount:a.money(u,t)});return ua(e)?[i(`plan.content`),l&&`${l}.`].filter(e=>e).join(` `):[[l,d].filter(e=>e!==null).join(`, `),ca(e,n,r)].filter(e=>e).join(`; `)}function fa({state:e,unmet_wh:t,departure:n},r){if(e===null||e===`on_track`||t===null||n===null)return null;let{t:i,f:a}=r;return i(`plan.${e}`,{time:U(n,r),energy:a.kwh(t,1)})}function pa(e,t){let{departure:n,late_until:r,origin:i,own_goal:a,goal:o,usual_percent:s,later:c,guest:l}=e,{t:u,f:d}=t;if(n===null||i===null)return[];let f={percent:d.percent(s)};return[u(`plan.from.${l?`guest`:i}`,{time:U(n,t)}),...r===null?[]:[u(`plan.overdue`,{time:U(r,t)})],...a&&!l?[u(`plan.own_goal`,f)]:[],...Lt(o,e)?[u(`plan.full_means`)]:[],...o.kind===`percent`?[]:[u(`plan.counted`)],...c.map(e=>u(`plan.later`,{time:U(e.at,t),goal:Ut(e.goal,d)}))]}function ma(e,t,{currency:n},{t:r,f:i}){let a=i.money(String(Math.abs(e)),n);return r(`plan.${t}.${a===i.money(`0`,n)?`same`:e>0?`more`:`less`}`,{amount:a})}function ha({plan:e,present:t},n,r){return t&&ma(Number(e.cost)-Number(t.cost),`change`,n,r)}function ga({unmet_wh:e},{t,f:n}){return e===null||Number(e)===0?null:t(`plan.other.missing`,{energy:n.kwh(e,1)})}function _a(e,{plan:t},n,r){return[e.ready_at===null?ga(e,r):r.t(`plan.ready`,{time:U(e.ready_at,r)}),ma(Number(e.cost)-Number(t.cost),`other`,n,r)].filter(e=>e).join(`, `)}function va(e,t,n){let{soonest:r,saved:i}=e;if(r===null||ua(e))return null;let a=ma(Number(i),`other`,t,n);return n.t(`plan.at_once`,{time:U(r,n),cost:a})}function ya(e,t,{prices:n}){return t?t.session?e.departure===null?`departure`:t.mode===`smart`?n.length?`soon`:`price`:`mode`:`idle`:`away`}var ba=864e5;function xa(e){return Math.round(e*10)/10}function Sa({history:e,power_w:t},n){let r=n-ba,i=e.map(([e,t])=>({at:Math.max(Date.parse(e),r),watts:t})).filter(({at:e})=>e<=n);if(!i.at(-1))return null;let a=i.map(e=>e.watts),o=Math.max(...a,t??0),s=e=>xa((e-r)/ba*240),c=e=>xa(47-(o?Math.max(e,0)/o*46:0)),[l,...u]=i,d=u.map(e=>`H${s(e.at)}V${c(e.watts)}`).join(``),f=t===null?``:`H240V${c(t)}`,p=`M${s(l.at)} ${c(l.watts)}${d}${f}`;return{line:p,area:`${p}V48H${s(l.at)}Z`,peak_w:o}}var Ca=new class{constructor(){this.listeners=/* @__PURE__ */ new Set}subscribe(e){return this.listeners.add(e),this.timer??=setInterval(()=>{for(let e of this.listeners)e()},1e3),()=>{this.listeners.delete(e),this.listeners.size>0||(clearInterval(this.timer),this.timer=void 0)}}};function wa({session:e,seen_at:t},n){return e?e.duration_s+Math.max(0,n-t)/1e3:0}var Ta=class extends D{connectedCallback(){super.connectedCallback(),this.stop=Ca.subscribe(()=>{this.requestUpdate()})}disconnectedCallback(){super.disconnectedCallback(),this.stop?.()}render(){return x`${Tn(wa(this.evse,Date.now()))}`}};B([O({attribute:!1})],Ta.prototype,`evse`,void 0),Ta=B([P(`ev-session-duration`)],Ta);var Ea=h`
:host {
display: block;
}
.card {
--tone-text: color-mix(in srgb, var(--tone) 72%, var(--ev-text));
display: flex;
flex-direction: column;
gap: 16px;
height: 100%;
}
header {
display: flex;
align-items: center;
gap: 12px;
min-height: 40px;
}
.title {
flex: 1;
min-width: 0;
}
header .round {
margin-inline-end: -8px;
color: var(--ev-muted);
}
.badge {
position: relative;
}
.is-charging .badge::after {
position: absolute;
inset: 0;
border: 2px solid var(--tone);
border-radius: 50%;
animation: energy 2s ease-out infinite;
content: "";
}
@keyframes energy {
from {
opacity: 0.8;
}
to {
opacity: 0;
transform: scale(1.35);
}
}
.hero {
display: grid;
grid-template-columns: auto minmax(0, 1fr);
align-items: end;
gap: 24px;
}
figure svg {
display: block;
width: 100%;
height: 32px;
}
figcaption {
margin-top: 4px;
text-align: end;
}
.line {
fill: none;
stroke: var(--ev-accent);
stroke-width: 1.5;
vector-effect: non-scaling-stroke;
}
.area {
fill: color-mix(in srgb, var(--ev-accent) 16%, transparent);
}
.state {
font-weight: 500;
}
div.notice {
display: block;
}
.phases {
display: flex;
flex-wrap: wrap;
gap: 8px 24px;
}
.offered {
margin-inline-start: auto;
text-align: end;
}
.charge {
display: flex;
flex-wrap: wrap;
align-items: center;
gap: 8px;
}
/* Where the level is to be. */
.track .goal {
position: absolute;
top: 0;
bottom: 0;
width: 2px;
margin-inline-start: -2px;
background: var(--ev-text);
}
.ready {
flex-basis: 100%;
padding-block: 4px;
}
.charge .icon {
color: var(--ev-muted);
}
.track {
position: relative;
flex: 1;
min-width: 80px;
overflow: hidden;
height: 8px;
border-radius: 4px;
background: color-mix(in srgb, var(--ev-text) 10%, transparent);
}
.track span {
display: block;
height: 100%;
border-radius: 4px;
background: var(--ev-good);
transition: width 400ms ease-out;
}
.mode {
display: flex;
align-items: center;
justify-content: space-between;
gap: 16px;
}
.mode select {
min-height: 40px;
padding: 0 8px;
font: inherit;
color: inherit;
background: var(--ev-surface);
border: 1px solid var(--ev-line);
border-radius: 8px;
}
.so-far {
display: grid;
grid-template-columns: repeat(3, auto);
justify-content: space-between;
gap: 8px 16px;
padding-top: 16px;
border-top: 1px solid var(--ev-line);
}
.so-far > :last-child {
text-align: end;
}
.mark {
display: flex;
align-items: center;
gap: 4px;
}
.mark .icon {
width: 16px;
height: 16px;
}
.actions {
display: flex;
flex-wrap: wrap;
gap: 8px;
margin-top: auto;
}
.chooser {
display: grid;
gap: 8px;
justify-items: start;
margin-top: auto;
padding-top: 16px;
border-top: 1px solid var(--ev-line);
}
.chooser ul {
display: flex;
flex-wrap: wrap;
gap: 8px;
overflow: auto;
max-height: 240px;
/* Room for focus rings inside the scroller. */
margin: -4px;
padding: 4px;
}
`,Da={charging:te,free:p,plugged:fe,paused:ue,done:l,reserved:r,out_of_use:o,fault:e,offline:he,unknown:ve},Oa=[`fast`,`smart`,`solar_min`,`solar`,`off`],W=class extends D{constructor(...e){super(...e),this.choosing=!1,this.busy=null}willUpdate(){this.evse.can.start||(this.choosing=!1)}updated(e){this.modeSelect&&(this.modeSelect.value=this.evse.mode),e.get(`choosing`)===!1&&this.firstChoice?.focus(),e.get(`choosing`)===!0&&this.firstAction?.focus()}render(){let{live:e,t,f:n}=this.context,{evse:r}=this,i=Xr(r,e.chargers[r.charger_id],{t,f:n,now:Date.now()});return x`<article class="card tone-${i.tone} is-${i.symbol}" aria-labelledby="name">
${this.heading(i)} ${this.hero(i)} ${this.status(i)} ${this.phases()} ${this.charge()}
${r.session?this.soFar(r.session):w} ${this.clockNotice()} ${this.modes()}
${this.choosing?this.chooser():this.actions()}
</article>`}heading({symbol:e}){let{live:t,t:n}=this.context,{evse:r}=this,i=r.session?.driver??r.driver,a=r.session?n(`card.no_driver`):w;return x`<header>
<span class="badge">${F(Da[e])}</span>
<div class="title">
<h2 id="name">${r.name}</h2>
<p class="small muted">${i?.name??a}</p>
</div>
${t.site.is_admin?x`<a
class="button round"
href="/config/devices/device/${r.device_id}"
aria-label=${n(`card.settings`,{name:r.name})}
title=${n(`card.settings`,{name:r.name})}
>${F(xe)}</a
>`:w}
</header>`}hero({tone:e}){let{f:t}=this.context,{evse:n}=this;if(e===`error`&&!n.power_w)return w;let{figure:r,unit:i}=t.kilowatts(n.power_w);return x`<div class="hero">
<p class="display ${n.power_w?``:`muted`}">${r}<span class="unit">${i}</span></p>
${this.spark()}
</div>`}spark(){let{t:e,f:t}=this.context,n=Sa(this.evse,Date.now());if(!n)return w;let r=t.power(n.peak_w);return x`<figure>
<svg viewBox="0 0 ${240} ${48}" preserveAspectRatio="none" aria-hidden="true">
${S`<path class="area" d=${n.area} /><path class="line" d=${n.line} />`}
</svg>
<figcaption class="small muted">${e(`card.last_day`,{power:`${r.figure} ${r.unit}`})}</figcaption>
</figure>`}status({state:e,hint:t,tone:n}){return n===`error`?x`<div class="notice" role="status">
<p class="state">${e}</p>
<p>${t}</p>
</div>`:x`<div>
<p class="state">${e}</p>
${t?x`<p class="muted">${t}</p>`:w}
</div>`}phases(){let{t:e,f:t}=this.context,{currents_a:n,voltages_v:r,offered_a:i,charging:a}=this.evse;return!a||n.every(e=>e===null)?w:x`<dl class="phases">
${n.map((e,n)=>{let i=r[n]??null;return e===null?w:x`<div>
<dt class="small muted">L${n+1}</dt>
<dd>${t.number(e,1)}<span class="unit">A</span></dd>
${i===null?w:x`<dd class="small muted">${t.number(i)} V</dd>`}
</div>`})}
${i===null?w:x`<div class="offered">
<dt class="small muted">${e(`card.allowed`)}</dt>
<dd>${t.number(i)}<span class="unit">A</span></dd>
</div>`}
</dl>`}charge(){let{t:e,f:t}=this.context,{vehicles:n}=this.context.live.plan,r=n.find(e=>e.evse===this.evse.id),i=r?.percent??this.evse.soc_percent;return i===null?this.ready():x`<div class="charge">
${F(`M16,13H8V6H16M16.67,4H15V2H9V4H7.33A1.33,1.33 0 0,0 6,5.33V20.67C6,21.4 6.6,22 7.33,22H16.67A1.33,1.33 0 0,0 18,20.67V5.33C18,4.6 17.4,4 16.67,4Z`)}
<div
class="track"
role="meter"
aria-label=${e(`card.battery`)}
aria-valuemin="0"
aria-valuemax="100"
aria-valuenow=${i}
>
<span style="width: ${Math.min(100,Math.max(0,i))}%"></span>
${r?.goal.kind===`percent`?x`<i class="goal" style="inset-inline-start: ${r.goal.amount}%"></i>`:w}
</div>
<span>${t.percent(i)}</span>
${r?x`<span class="small muted">${e(`card.goal`,{goal:Wt(r.goal,r,this.context)})}</span>`:w}
${this.ready()}
</div>`}ready(){let{live:e,t,f:n}=this.context,r=e.plan.plans[this.evse.id];if(!r?.ready_at||ua(r))return w;let i=U(r.ready_at,{f:n,now:Date.now()});return x`<a class="ready small" href=${N(`plan`)} @click=${Kn(`plan`)}
>${t(`card.ready`,{time:i})}</a
>`}soFar({energy_wh:e,cost:t,currency:n,estimated:r}){let{t:i,f:a}=this.context;return x`<dl class="so-far">
<div>
<dt class="small muted">${i(`card.energy`)}</dt>
<dd>${a.kwh(e,2)}<span class="unit">kWh</span></dd>
${r?x`<dd class="small muted mark">${F(_e)}${i(`flag.estimated`)}</dd>`:w}
</div>
<div>
<dt class="small muted">${i(`card.cost`)}</dt>
<dd>${t===null?`–`:a.money(t,n)}</dd>
</div>
<div>
<dt class="small muted">${i(`card.time`)}</dt>
<dd><ev-session-duration .evse=${this.evse}></ev-session-duration></dd>
</div>
</dl>`}clockNotice(){let{live:e,t}=this.context;return e.chargers[this.evse.charger_id]?.problem===`clock_wrong`?x`<p class="notice tone-warning">${F(f)}${t(`card.clock_wrong`)}</p>`:w}modes(){let{t:e}=this.context,{mode_entity:t,name:n}=this.evse;return t===null?w:x`<label class="mode">
<span class="small muted">${e(`card.mode`)}</span>
<select
aria-label=${e(`card.mode_of`,{name:n})}
?disabled=${this.busy!==null}
@change=${e=>void this.changeMode(e.target.value)}
>
${Oa.map(t=>x`<option value=${t}>${e(`mode.${t}`)}</option>`)}
</select>
</label>`}actions(){let{t:e}=this.context,{can:t}=this.evse;if(!t.start&&!t.stop&&!t.unlock)return w;let n=(t,n,r,i)=>x`<button
class=${r}
?disabled=${this.busy!==null}
aria-busy=${this.busy===t?`true`:`false`}
@click=${i}
>
${F(n)}${e(`action.${t}`)}
</button>`;return x`<div class="actions">
${t.start?n(`start_session`,`M8,5.14V19.14L19,12.14L8,5.14Z`,`primary`,()=>void this.start()):w}
${t.stop?n(`stop_session`,`M18,18H6V6H18V18Z`,`tonal`,()=>void this.run(`stop_session`)):w}
${t.unlock?n(`unlock`,`M18 1C15.24 1 13 3.24 13 6V8H4C2.9 8 2 8.89 2 10V20C2 21.11 2.9 22 4 22H16C17.11 22 18 21.11 18 20V10C18 8.9 17.11 8 16 8H15V6C15 4.34 16.34 3 18 3C19.66 3 21 4.34 21 6V8H23V6C23 3.24 20.76 1 18 1M10 13C11.1 13 12 13.89 12 15C12 16.11 11.11 17 10 17C8.9 17 8 16.11 8 15C8 13.9 8.9 13 10 13Z`,``,()=>void this.run(`unlock`)):w}
</div>`}chooser(){let{live:e,t}=this.context,n=()=>{this.choosing=!1};return x`<div
class="chooser"
role="group"
aria-labelledby="who"
@keydown=${e=>{e.key===`Escape`&&n()}}
>
<p id="who" class="state">${t(`card.who`)}</p>
<ul>
${$t(e.site).map(({id:e,name:t})=>x`<li><button @click=${()=>void this.run(`start_session`,{driver_id:e})}>${t}</button></li>`)}
</ul>
<button class="plain" @click=${n}>${t(`action.cancel`)}</button>
</div>`}async start(){$t(this.context.live.site).length>0?this.choosing=!0:await this.run(`start_session`)}async run(e,t={}){this.choosing=!1,await this.waitFor(e,Kt(this.context.hass,e,this.evse,t))}async changeMode(e){await this.waitFor(`mode`,qt(this.context.hass,this.evse,e))}async waitFor(e,t){let{t:n}=this.context;this.busy=e,z(this,null);try{await t}catch(e){z(this,j(e,n))}finally{this.busy=null}}static{this.styles=[I,Ea]}};B([O({attribute:!1})],W.prototype,`context`,void 0),B([O({attribute:!1})],W.prototype,`evse`,void 0),B([k()],W.prototype,`choosing`,void 0),B([k()],W.prototype,`busy`,void 0),B([Ot(`.mode select`)],W.prototype,`modeSelect`,void 0),B([Ot(`.chooser button`)],W.prototype,`firstChoice`,void 0),B([Ot(`.actions button`)],W.prototype,`firstAction`,void 0),W=B([P(`ev-evse-card`)],W);var ka=10,G=(e,t)=>({kind:e,watts:t,label:null,index:0}),K=e=>e.reduce((e,{watts:t})=>e+t,0);function Aa(e){return In(e).map((e,t)=>({kind:`car`,label:Wr(e),watts:e.power_w??0,index:t}))}function ja({grid_w:e,solar_w:t,battery_w:n}){return[G(`solar`,t??0),G(`battery`,-(n??0)),G(`grid`,e??0)].filter(({watts:e})=>e>=ka)}function Ma(e,t){let n=ja(e),r=[...t,G(`charge`,e.battery_w??0),G(`export`,-(e.grid_w??0))].filter(({watts:e})=>e>=ka),i=K(n)-K(r);return i>=ka?{from:n,to:[G(`house`,i),...r]}:i<=-10&&e.solar_w===null?{from:[...n,G(`other`,-i)],to:r}:{from:n,to:r}}function Na(e){let t=Aa(e).filter(({watts:e})=>e>0),n=Object.values(e.evses).some(e=>e.power_w!==null)?K(t):e.site.power_w,{energy:r}=e.site;if(n===null&&r===null)return null;let{from:i,to:a}=r?Ma(r,t):{from:[],to:t};return{watts:n??0,from:i,to:a,scale:Math.max(K(i),K(a),1)}}var Pa={solar:ge,battery:oe,grid:ye,other:ae,house:se,car:s,charge:n,export:be},Fa=h`
.strip {
display: grid;
gap: 16px 24px;
margin-bottom: 16px;
}
.flows {
display: grid;
gap: 16px 24px;
min-width: 0;
}
.flow {
display: grid;
gap: 8px;
align-content: start;
min-width: 0;
}
.flow h3 {
color: var(--ev-muted);
font-size: var(--ev-size-small);
font-weight: 400;
line-height: 16px;
}
.flow .stack {
--stack: 16px;
}
.tight {
display: grid;
gap: 4px;
padding-top: 12px;
border-top: 1px solid var(--ev-line);
color: inherit;
text-decoration: none;
}
.tight .words {
display: flex;
flex-wrap: wrap;
justify-content: space-between;
gap: 0 16px;
}
.tight:hover .free {
text-decoration: underline;
}
@container (min-width: 600px) {
.strip {
grid-template-columns: auto 1fr;
}
.strip .total {
min-width: 136px;
}
.strip .none {
align-self: center;
}
.strip .tight {
grid-column: 1 / -1;
}
}
@container (min-width: 900px) {
.flows.both {
grid-template-columns: 1fr 1fr;
}
}
`,Ia=e=>e===`grid`?`grid-power`:e,La=({kind:e,index:t})=>e===`car`?`mark car car-${t%6}`:`mark ${Ia(e)}`;function Ra(e,t,n,{t:r,f:i}){if(e.length===0)return w;let a=t-e.reduce((e,{watts:t})=>e+t,0);return x`<div class="flow">
${n===null?w:x`<h3>${n}</h3>`}
<div class="stack" aria-hidden="true">
${e.map(e=>x`<span class=${La(e)} style="flex: ${e.watts} 0 0"></span>`)}
${a>0?x`<span style="flex: ${a} 0 0"></span>`:w}
</div>
<ul class="legend">
${e.map(e=>{let{figure:t,unit:n}=i.power(e.watts);return x`<li>
<span class=${La(e)}></span>${F(Pa[e.kind])}
<span class="name">${e.label??r(`flow.${e.kind}`)}</span>
<span class="figure">${t}<span class="unit">${n}</span></span>
</li>`})}
</ul>
</div>`}function za({from:e,to:t,scale:n},r){let{t:i}=r;if(e.length+t.length===0)return x`<p class="muted none">${i(`now.nothing_charging`)}</p>`;let a=e.length>0;return x`<div class="flows ${a?`both`:``}">
${Ra(e,n,i(`flow.from`),r)} ${Ra(t,n,a?i(`flow.to`):null,r)}
</div>`}function Ba(e){let{live:t,t:n,f:r}=e,i=Nr(t);if(!i)return w;let{circuit:a,load:o}=i;return x`<a class="tight" href=${N(`circuits`)} @click=${Kn(`circuits`)}>
<span class="words">
<span>${n(`now.tightest`,{circuit:a.name,phase:`L${o.phase}`})}</span>
<span class="free ${o.headroom<0?`over`:``}">${Kr(o,{t:n,f:r})}</span>
</span>
${ti(o)}
</a>`}function Va(e){let{live:t,t:n,f:r}=e,i=Na(t);if(!i)return w;let{figure:a,unit:o}=r.kilowatts(i.watts);return x`<section class="card strip" aria-label=${n(`now.site`)}>
<div class="total">
<p class="small muted">${n(`now.charging_power`)}</p>
<p class="display ${i.watts?``:`muted`}">${a}<span class="unit">${o}</span></p>
</div>
${za(i,e)} ${Ba(e)}
</section>`}var Ha=class extends D{constructor(...e){super(...e),this.guide=!1}render(){let e=In(this.context.live);return e.length===0?this.welcome():x`<div class="views of-${Math.min(e.length,3)}">
${Va(this.context)}
<div class="grid">
${sr(e,e=>e.id,e=>x`<ev-evse-card .context=${this.context} .evse=${e}></ev-evse-card>`)}
</div>
${this.context.live.site.is_admin?this.more():w}
</div>`}welcome(){let{live:e,t}=this.context;return e.site.is_admin?x`<ev-connect-guide .context=${this.context}></ev-connect-guide>`:hr(p,t(`now.no_charger`),x`<p class="muted">${t(`now.no_charger_do`)}</p>`)}more(){let{t:e}=this.context;return x`<div class="more">
<button
class="plain"
aria-expanded=${this.guide?`true`:`false`}
@click=${()=>{this.guide=!this.guide}}
>
${F(de)}${e(`now.connect_another`)}
</button>
${this.guide?x`<ev-connect-guide .context=${this.context}></ev-connect-guide>`:w}
</div>`}static{this.styles=[I,_r,Jn,ni,Qr,Fa,h`
/* Few chargers stay a compact page instead of a few cards in a corner. */
.of-1 {
max-width: 560px;
margin-inline: auto;
}
.of-2 {
max-width: 1100px;
margin-inline: auto;
}
.grid {
display: grid;
gap: 16px;
}
.more {
display: grid;
gap: 8px;
justify-items: start;
margin-top: 16px;
}
/* As wide as the cards above it. */
.more > ev-connect-guide {
--ev-guide-width: none;
width: 100%;
}
@container (min-width: 600px) {
.of-2 .grid,
.of-3 .grid {
grid-template-columns: repeat(2, minmax(0, 1fr));
}
}
@container (min-width: 1100px) {
.of-3 .grid {
grid-template-columns: repeat(3, minmax(0, 1fr));
}
}
`]}};B([O({attribute:!1})],Ha.prototype,`context`,void 0),B([k()],Ha.prototype,`guide`,void 0),Ha=B([P(`ev-now-view`)],Ha);var Ua=Yn(class extends Xn{constructor(e){if(super(e),e.type!==L.PROPERTY&&e.type!==L.ATTRIBUTE&&e.type!==L.BOOLEAN_ATTRIBUTE)throw Error("The `live` directive is not allowed on child or event bindings");if(!$n(e))throw Error("`live` bindings can only contain a single expression")}render(e){return e}update(e,[t]){if(t===C||t===w)return t;let n=e.element,r=e.name;if(e.type===L.PROPERTY){if(t===n[r])return C}else if(e.type===L.BOOLEAN_ATTRIBUTE){if(!!t===n.hasAttribute(r))return C}else if(e.type===L.ATTRIBUTE&&n.getAttribute(r)===t+``)return C;return rr(e),t}}),Wa=`9999-12-31`,q=class extends D{constructor(...e){super(...e),this.name=``,this.at=``,this.disabled=!1}move(e){this.dispatchEvent(new CustomEvent(`ev-departure`,{detail:e})),this.requestUpdate()}render(){let{at:e,name:t}=this,{t:n,f:r}=this.context,i=r.local(Date.now());return x`<span class="small muted" aria-hidden="true">${n(`plan.departure`)}</span>
${this.field(`date`,H(e),n(`plan.day_of`,{name:t}),t=>Ri(e,t))}
${this.field(`time`,Li(e),n(`plan.time_of`,{name:t}),t=>zi(e,t,i))}`}field(e,t,n,r){return x`<input
type=${e}
max=${e===`date`?Wa:``}
aria-label=${n}
.value=${Ua(t)}
?disabled=${this.disabled}
@change=${e=>{this.move(r(e.target.value))}}
/>`}static{this.styles=[I,h`
:host {
display: flex;
flex-wrap: wrap;
align-items: center;
justify-content: flex-end;
gap: 8px;
}
span {
flex: 1;
}
input {
min-width: 0;
height: 40px;
padding: 0 8px;
border: 1px solid var(--ev-line);
border-radius: 8px;
background: transparent;
color: inherit;
font: inherit;
font-variant-numeric: tabular-nums;
}
`]}};B([O({attribute:!1})],q.prototype,`context`,void 0),B([O({attribute:!1})],q.prototype,`name`,void 0),B([O({attribute:!1})],q.prototype,`at`,void 0),B([O({type:Boolean})],q.prototype,`disabled`,void 0),q=B([P(`ev-plan-departure`)],q);var J=class extends D{constructor(...e){super(...e),this.disabled=!1,this.leaves=!1}focus(){(this.shadowRoot?.querySelector(`input`)??this.shadowRoot?.querySelector(`select`))?.focus()}move(e){this.dispatchEvent(new CustomEvent(`ev-goal`,{detail:e}))}render(){let{goal:e,vehicle:t}=this,{t:n,f:r}=this.context;if(Lt(e,t))return x`<label for="unit" class="small muted">${n(`plan.goal`)}</label>${this.unit()}`;let{least:i,most:a,step:o}=zt(e.kind,t),s=Math.min(Math.max((e.amount-i)/(a-i),0),1);return x`<label for="amount" class="small muted">${n(`plan.goal`)}</label>
<output for="amount">${Ht(e,r).figure}</output>
${this.unit()}
<input
id="amount"
type="range"
min=${i}
max=${a}
step=${o}
style="--share: ${s*100}%"
aria-label=${n(`plan.goal_of`,{name:t.name})}
aria-valuetext=${Ut(e,r)}
.value=${String(e.amount)}
?disabled=${this.disabled}
@input=${t=>{this.move({kind:e.kind,amount:Number(t.target.value)})}}
/>`}unit(){let{goal:e,vehicle:t}=this,{t:n}=this.context;return x`<select
id="unit"
aria-label=${n(`plan.unit_of`,{name:t.name})}
?disabled=${this.disabled||!this.leaves}
@change=${n=>{this.move(Bt(e,n.target.value,t))}}
>
${It(t).map(r=>{let i=Lt({kind:r},t)?n(`plan.full`):Nt[r];return x`<option value=${r} .selected=${r===e.kind}>${i}</option>`})}
</select>`}static{this.styles=[I,h`
:host {
display: grid;
grid-template-columns: 1fr auto auto;
align-items: center;
gap: 4px;
}
output {
font-weight: 500;
}
select {
padding: 0 4px;
border-radius: 8px;
background: var(--ev-surface);
}
select:disabled {
border-color: transparent;
appearance: none;
opacity: 1;
}
input {
grid-column: 1 / -1;
width: 100%;
height: 40px;
margin: 0;
background: transparent;
appearance: none;
accent-color: var(--ev-accent);
}
input::-webkit-slider-runnable-track {
height: 4px;
border-radius: 2px;
background: linear-gradient(to right, var(--ev-accent) var(--share), var(--ev-line) var(--share));
}
input::-webkit-slider-thumb {
width: 20px;
height: 20px;
margin-top: -8px;
border-radius: 50%;
background: var(--ev-accent);
appearance: none;
}
input::-moz-range-track {
height: 4px;
border-radius: 2px;
background: linear-gradient(to right, var(--ev-accent) var(--share), var(--ev-line) var(--share));
}
`]}};B([O({attribute:!1})],J.prototype,`context`,void 0),B([O({attribute:!1})],J.prototype,`vehicle`,void 0),B([O({attribute:!1})],J.prototype,`goal`,void 0),B([O({type:Boolean})],J.prototype,`disabled`,void 0),B([O({type:Boolean})],J.prototype,`leaves`,void 0),J=B([P(`ev-plan-goal`)],J);function Ga({energy_wh:e,cost:t},{live:n,t:r,f:i},a=null){return x`<dl class="sums">
<div>
<dt class="small muted">${r(`plan.takes`)}</dt>
<dd>${i.kwh(e??`0`,1)}<span class="unit">kWh</span></dd>
</div>
<div>
<dt class="small muted">${r(`plan.costs`)}</dt>
<dd>${i.money(t??`0`,n.site.currency)}</dd>
${a===null?w:x`<dd class="small change">${a}</dd>`}
</div>
</dl>`}var Ka=h`
.sums {
display: flex;
gap: 32px;
}
.change {
font-weight: 500;
}
`,Y=class extends D{constructor(...e){super(...e),this.goal=``,this.late=!1}get words(){return{t:this.context.t,f:this.context.f,now:Date.now()}}render(){let{loading:e,value:t,error:n}=this.answer,{t:r}=this.context;return x`<div class=${e?`stale`:``}>
<div class="told" role="status" aria-busy=${e?`true`:`false`}>
${n===null?w:this.notice(j(n,r))}
${t&&n===null?this.told(t):w}
${e&&!t?x`<p class="muted">${r(`plan.reckoning`)}</p>`:w}
</div>
${t&&n===null?this.others(t):w}
</div>`}notice(e){return x`<p class="notice tone-warning">${F(t)}<span>${e}</span></p>`}told(e){let{live:t,t:n}=this.context,{plan:r}=e,i=ha(e,t.site,this.words),a=fa(r,this.words);return x`<h3>${n(`plan.if`,{time:(r.departure&&U(r.departure,this.words))??``,goal:this.goal})}</h3>
<p>${da(r,t.site,this.words,this.late)}</p>
${a===null?w:this.notice(a)}
${r.periods.length?Ga(r,this.context,i):w}`}others(e){let{live:t,t:n}=this.context,r=va(e.plan,t.site,this.words);return e.plan.periods.length===0?w:x`<ul aria-label=${n(`plan.others`)}>
${e.others.map(t=>this.other(t,e))}
</ul>
${r===null?w:x`<p class="small muted">${r}</p>`}`}other(e,t){let{live:n,t:r,f:i}=this.context,{departure:a}=e;return a===null?w:x`<li>
<button
type="button"
@click=${()=>{this.dispatchEvent(new CustomEvent(`ev-leave`,{detail:i.local(Date.parse(a))}))}}
>
<span>${r(`plan.other.leave`,{time:U(a,this.words)})}</span>
<span class="small muted">${_a(e,t,n.site,this.words)}</span>
</button>
</li>`}static{this.styles=[I,Ka,h`
:host > div,
.told {
display: grid;
gap: 8px;
}
:host > div {
gap: 16px;
}
.stale .told > *,
.stale ul {
opacity: 0.5;
}
.sums {
margin-top: 8px;
}
ul {
display: grid;
grid-template-columns: repeat(auto-fit, minmax(144px, 1fr));
gap: 8px;
}
li button {
display: grid;
gap: 0;
justify-content: start;
justify-items: start;
width: 100%;
height: 100%;
padding: 8px 12px;
border: 1px solid var(--ev-line);
border-radius: 8px;
text-align: start;
}
li .small {
font-weight: 400;
}
`]}};B([O({attribute:!1})],Y.prototype,`context`,void 0),B([O({attribute:!1})],Y.prototype,`answer`,void 0),B([O({attribute:!1})],Y.prototype,`goal`,void 0),B([O({attribute:!1})],Y.prototype,`late`,void 0),Y=B([P(`ev-plan-preview`)],Y);var qa=300,X=class extends D{constructor(...e){super(...e),this.goal=null,this.departure=null,this.busy=!1,this.preview=new lr(()=>{this.requestUpdate();let{value:e,error:t}=this.preview.state;this.suppose(t===null&&e?e.plan:null)})}disconnectedCallback(){super.disconnectedCallback(),this.preview.forget()}willUpdate(e){e.has(`vehicle`)&&this.goal&&Vt(this.goal,this.vehicle.goal)&&(this.goal=null),e.has(`vehicle`)&&this.departure===this.leaves&&(this.departure=null),this.isAsSet&&this.preview.forget()}get isAsSet(){return this.goal===null&&this.departure===null}suppose(e){let t={vehicle:this.vehicle.id,plan:e};this.dispatchEvent(new CustomEvent(`ev-suppose`,{detail:t}))}move({goal:e,departure:t}){e!==void 0&&(this.goal=Vt(e,this.vehicle.goal)?null:e),t!==void 0&&(this.departure=t===this.leaves||!t?null:t);let{hass:n}=this.context;if(this.isAsSet||!this.charges)return;let{wish:r}=this;this.preview.ask(()=>Qt(n,this.vehicle,r),qa)}get wish(){return{goal:this.goal,departure:this.departure}}get leaves(){let{departure:e}=this.vehicle;return e===null?``:this.context.f.local(Date.parse(e))}get evse(){let{evse:e}=this.vehicle;return e===null?void 0:this.context.live.evses[e]}get charges(){return!!this.evse?.session}get plan(){let{evse:e}=this.vehicle;return e===null?void 0:this.context.live.plan.plans[e]}render(){let{vehicle:e,plan:t}=this;return x`<article class="card" aria-labelledby="name">
${this.heading(e)} ${t?this.planned(t):this.reason()} ${this.fields(e)}
</article>`}heading({name:e,percent:t,guest:n}){let{t:r,f:i}=this.context,a=this.evse?.name,o=t===null?null:r(`plan.now_at`,{percent:i.percent(t)});return x`<header>
<span class="badge">${F(s)}</span>
<div>
<h2 id="name">${n?r(`plan.guest`):e}</h2>
<p class="small muted">${[a,o].filter(e=>e).join(` · `)}</p>
</div>
</header>`}planned(e){let{live:n,t:r,f:i}=this.context,a={t:r,f:i,now:Date.now()},o=fa(e,a);return x`<p class="sentence">${da(e,n.site,a,this.vehicle.late_until!==null)}</p>
${o===null?w:x`<p class="notice tone-warning">${F(t)}<span>${o}</span></p>`}
${e.periods.length&&Number(e.energy_wh)>0?Ga(e,this.context):w}`}reason(){let{live:e,t}=this.context,{evse:n}=this,r=ya(this.vehicle,n,e.plan),i=n&&{evse:Wr(n),mode:t(`mode.${n.mode}`),smart:t(`mode.smart`)};return x`<p class="muted">${t(`plan.why.${r}`,i)}</p>
${r===`mode`&&n?.mode_entity?x`<button
class="tonal"
?disabled=${this.busy}
@click=${()=>void this.wait(qt(this.context.hass,n,`smart`))}
>
${t(`plan.smart`,{smart:t(`mode.smart`)})}
</button>`:w}`}fields({name:e,departure:t,goal_entity:n,device_id:r,guest:i}){let a=this.goal??this.vehicle.goal,o=r!==null&&(t??this.departure)!==null;return x`<form @submit=${this.submit} @keydown=${this.escape}>
<ev-plan-goal
.context=${this.context}
.vehicle=${this.vehicle}
.goal=${a}
?disabled=${(i?!o:n===null)||this.busy}
?leaves=${o}
@ev-goal=${({detail:e})=>{this.move({goal:e})}}
></ev-plan-goal>
<ev-plan-departure
.context=${this.context}
.name=${e}
.at=${this.departure??this.leaves}
?disabled=${r===null||this.busy}
@ev-departure=${({detail:e})=>{this.move({departure:e})}}
></ev-plan-departure>
${this.isAsSet?this.origin():this.decision(a)}
</form>`}origin(){let{t:e,f:t}=this.context,n=pa(this.vehicle,{t:e,f:t,now:Date.now()});return n.length===0?w:x`<div class="origin">
<p class="small muted">${n.join(` `)}</p>
${this.vehicle.origin===`once`&&this.vehicle.device_id!==null?x`<button
class="plain"
type="button"
?disabled=${this.busy}
@click=${()=>void this.wait(Xt(this.context.hass,this.vehicle))}
>
${F(Se)}${e(this.vehicle.guest?`plan.forget_guest`:`plan.as_usual`)}
</button>`:w}
</div>`}get lasts(){let{t:e}=this.context,{goal:t,departure:n,vehicle:r}=this;return r.guest?e(`plan.guest_once`):[t&&e(Jt(t,r)?`plan.becomes_usual`:`plan.goal_once`),n&&e(`plan.leaves_once`)].filter(e=>e).join(` `)}decision(e){let{t}=this.context,{state:n}=this.preview;return x`${this.charges?x`<ev-plan-preview
.context=${this.context}
.answer=${n}
.goal=${Wt(e,this.vehicle,this.context)}
.late=${this.vehicle.late_until!==null&&this.departure===null}
@ev-leave=${({detail:e})=>{this.move({departure:e})}}
></ev-plan-preview>`:w}
<p class="small muted">${this.lasts}</p>
<div class="decision">
<button class="primary" type="submit" ?disabled=${this.busy}>${F(l)}${t(`plan.apply`)}</button>
<button class="plain" type="button" ?disabled=${this.busy} @click=${this.forget}>
${F(Se)}${t(`plan.keep`)}
</button>
</div>`}forget(){this.goal=null,this.departure=null,this.shadowRoot?.activeElement?.closest(`.decision`)&&this.shadowRoot.querySelector(`ev-plan-goal`)?.focus()}escape({key:e}){e===`Escape`&&this.forget()}submit(e){e.preventDefault(),this.wait(this.apply())}async apply(){await Yt(this.context.hass,this.vehicle,this.wish),this.forget()}async wait(e){this.busy=!0,z(this,null);try{await e}catch(e){z(this,j(e,this.context.t))}finally{this.busy=!1}}static{this.styles=[I,Ka,h`
.card,
form {
display: grid;
gap: 16px;
}
.card {
align-content: start;
height: 100%;
}
header {
display: flex;
align-items: center;
gap: 12px;
}
.sentence {
font-weight: 500;
}
form {
padding-top: 16px;
border-top: 1px solid var(--ev-line);
}
.origin {
display: flex;
flex-wrap: wrap;
align-items: center;
justify-content: space-between;
gap: 8px;
}
/* Its words stand in line with those above them, also where it is on a row of its own. */
.origin button {
margin-inline: -16px;
}
.decision {
display: flex;
flex-wrap: wrap;
gap: 8px;
}
button {
justify-self: start;
}
`]}};B([O({attribute:!1})],X.prototype,`context`,void 0),B([O({attribute:!1})],X.prototype,`vehicle`,void 0),B([k()],X.prototype,`goal`,void 0),B([k()],X.prototype,`departure`,void 0),B([k()],X.prototype,`busy`,void 0),X=B([P(`ev-plan-car`)],X);var Ja=e=>Math.round(e*10)/10;function Ya(e,t){let[n,r]=e,[i,a]=t;return e=>Ja(i+(e-n)/(r-n)*(a-i))}function Xa(e,t,n=4){let[r,i]=[Math.min(e,0),Math.max(t,0)];if(r===i)return[0,1];let a=(i-r)/n,o=10**Math.floor(Math.log10(a)),s=o*([1,2,5].find(e=>e*o>=a*(1-1e-9))??10),c=Math.floor(r/s+1e-9),l=Math.ceil(i/s-1e-9);return Array.from({length:l-c+1},(e,t)=>Number(((c+t)*s).toPrecision(12)))}function Za(e){let t=[],n=null;for(let[r,i]of e.entries())i===null?n=null:(n||t.push(n={first:r,values:[]}),n.values.push(i));return t}function Qa({first:e,values:t},n,r){let i=`M${n(e)} `;return t.map((t,a)=>`${a?`V`:i}${r(t)}H${n(e+a+1)}`).join(``)}function $a(e,t,n){return Za(e).map(e=>Qa(e,t,n)).join(``)}function eo(e,t,n,r){return Za(t.map((t,n)=>{let r=e[n]??null;return t===null||r===null||t===r?null:{low:r,high:t}})).map(({first:e,values:t})=>`${Qa({first:e,values:t.map(({high:e})=>e)},n,r)}${t.map(({low:t},i)=>`V${r(t)}H${n(e+i)}`).reverse().join(``)}Z`).join(``)}function to(e){let t=[];return e.map(e=>{let n=e.map((e,n)=>t[n]??0),r=e.map((e,n)=>e+(t[n]??0));return t=r,{lows:n,highs:r}})}var no=h`
:host {
--sun: var(--energy-solar-color, #ff9800);
--price: var(--energy-grid-consumption-color, #488fc2);
display: block;
min-width: 0;
}
.chart {
display: block;
overflow: visible;
max-width: 100%;
margin-block: 8px;
cursor: crosshair;
touch-action: pan-y;
}
text {
fill: var(--ev-muted);
font-size: var(--ev-size-small);
font-variant-numeric: tabular-nums;
paint-order: stroke;
stroke: var(--ev-surface);
stroke-width: 3px;
}
.title {
fill: var(--ev-text);
font-weight: 500;
}
.axis line,
.times line {
stroke: var(--ev-line);
}
.times line {
stroke-dasharray: 2 4;
}
.times .day {
stroke-dasharray: none;
}
.axis .zero {
stroke: var(--ev-muted);
}
.price {
fill: none;
stroke: var(--price);
stroke-width: 2;
}
.reckoned {
stroke-dasharray: 3 3;
}
.negative {
fill: color-mix(in srgb, var(--ev-good) 40%, transparent);
}
.sun-area {
fill: color-mix(in srgb, var(--sun) 16%, transparent);
}
.sun-band {
fill: color-mix(in srgb, var(--sun) 20%, transparent);
}
.sun-line {
fill: none;
stroke: var(--sun);
stroke-width: 1.5;
}
.drawn {
fill: var(--car, var(--ev-muted));
}
.planned {
stroke: var(--car, var(--ev-muted));
stroke-width: 1;
}
.ground {
fill: color-mix(in srgb, var(--car) 24%, var(--ev-surface));
}
.hatch {
fill: var(--car);
}
.now {
stroke: var(--ev-text);
stroke-width: 2;
}
.now-name {
fill: var(--ev-text);
}
.picked {
fill: color-mix(in srgb, var(--ev-text) 24%, transparent);
}
dt {
display: flex;
align-items: center;
gap: 6px;
}
.key {
flex: none;
width: 14px;
height: 10px;
border-radius: 2px;
}
.key.price,
.key.reckoned {
height: 0;
border-top: 2px solid var(--price);
border-radius: 0;
}
.key.reckoned {
border-top-style: dashed;
}
.key.sun {
border-top: 2px solid var(--sun);
background: color-mix(in srgb, var(--sun) 28%, transparent);
}
.key.drawn {
background: var(--car, var(--ev-muted));
}
.key.planned {
border: 1px solid var(--ev-muted);
background: repeating-linear-gradient(135deg, var(--ev-muted) 0 2px, transparent 2px 4px);
}
.reading {
display: grid;
grid-template-columns: repeat(auto-fill, minmax(136px, 1fr));
gap: 8px 16px;
min-height: 60px;
}
.reading dd:nth-of-type(1) {
font-weight: 500;
}
details {
margin-top: 16px;
}
summary {
width: fit-content;
padding-block: 8px;
color: var(--ev-accent-text);
cursor: pointer;
}
.scroll {
overflow: auto;
max-height: 400px;
}
table {
width: 100%;
border-collapse: collapse;
}
th,
td {
padding: 4px 8px;
border-bottom: 1px solid var(--ev-line);
text-align: end;
white-space: nowrap;
}
th {
font-weight: 400;
}
thead th {
position: sticky;
top: 0;
background: var(--ev-surface);
color: var(--ev-muted);
font-size: var(--ev-size-small);
}
th:first-child {
text-align: start;
}
`,Z=44,ro=8,Q=[16,116],io=[152,292],ao=316,oo=560,so=4,co=[45,-45,90,0,20,-20],lo=class extends D{constructor(...e){super(...e),this.width=720,this.picked=null,this.sizes=new ResizeObserver(([e])=>{let t=Math.round(e?.contentRect.width??0);t>0&&(this.width=t)})}connectedCallback(){super.connectedCallback(),this.sizes.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.sizes.disconnect()}render(){let e=Zi(this.context.live,Date.now()),t=this.picked??$i(e,e.now);return x`${this.legend(e)} ${this.chart(e,t)} ${this.reading(e,t)} ${this.table(e)}`}legend({slots:e,cars:t}){let{t:n}=this.context,r=e.some(({price:e})=>e!==null),i=e.some(({price:e,told:t})=>e!==null&&!t),a=e.some(({sun:e})=>e!==null),o=(e,t)=>x`<li><span class="key ${e}"></span>${t}</li>`;return x`<ul class="legend small">
${r?o(`price`,n(`plan.price`)):w}
${i?o(`reckoned`,n(`plan.price_reckoned`)):w} ${a?o(`sun`,n(`plan.sun`)):w}
${t.map(e=>o(`drawn car-${e.index%6}`,this.name(e)))}
${t.length?[o(`drawn`,n(`plan.drawn`)),o(`planned`,n(`plan.planned`))]:w}
</ul>`}name({vehicle:e,evse:t}){return e?.name??Wr(t)}chart(e,t){let{t:n}=this.context,{width:r}=this,i=Ya([0,192],[Z,r-ro]);return x`<svg
class="chart"
viewBox="0 0 ${r} ${ao}"
width=${r}
height=${ao}
role="slider"
tabindex="0"
aria-label="${n(`plan.chart`)}: ${n(`plan.pick`)}"
aria-valuemin="0"
aria-valuemax=${191}
aria-valuenow=${t}
aria-valuetext=${this.told(e,t)}
@pointermove=${this.point}
@pointerdown=${this.point}
@pointerleave=${this.release}
@keydown=${e=>{this.walk(e,t)}}
>
${this.patterns(e.cars)} ${this.times(e,i)} ${this.now(e,i)} ${this.prices(e,i)}
${this.powers(e,i)} ${this.pick(i,t)}
</svg>`}patterns(e){return S`<defs>${e.map(({index:e})=>{let t=e%6;return S`<pattern id="planned-${t}" class="car-${t}" width="5" height="5"
patternUnits="userSpaceOnUse" patternTransform="rotate(${co[t]})">
<rect class="ground" width="5" height="5" /><rect class="hatch" width="2.5" height="5" />
</pattern>`})}</defs>`}times({slots:e},t){let{f:n}=this.context,r=this.width<oo?12:6;return S`<g class="times">${e.flatMap(({start:e},t)=>{let i=Number(Li(n.local(e)).slice(0,2));return t%so===0&&i%r===0?[{index:t,hour:i,start:e}]:[]}).map(({index:e,hour:r,start:i})=>{let a=new Date(i).toISOString();return S`<line class=${r===0?`day`:``} x1=${t(e)} x2=${t(e)} y1=${Q[0]} y2=${io[1]} />
<text x=${t(e)} y=${308} text-anchor="middle">${r===0?n.day(a):n.time(a)}</text>`})}</g>`}axis(e,t,n){let{f:r}=this.context;return S`<g class="axis">${e.map(e=>S`<line class=${e===0?`zero`:``} x1=${Z} x2=${this.width-ro} y1=${t(e)} y2=${t(e)} />
<text x=${38} y=${t(e)+4} text-anchor="end">${r.number(e,n)}</text>`)}</g>`}prices({slots:e},t){let n=e.map(({price:e})=>e),r=n.filter(e=>e!==null);if(r.length===0)return w;let i=Xa(Math.min(...r),Math.max(...r),5),a=this.vertical(i,Q),o=t=>e.map(e=>t(e)?e.price:null),s=n.map(e=>e===null?null:0),c=n.map(e=>e===null?null:Math.min(e,0));return S`<text class="title" x=${Z} y="11">${this.context.t(`plan.price`)}</text>
${this.axis(i,a,i.every(Number.isInteger)?0:2)}
<path class="negative" d=${eo(c,s,t,a)} />
<path class="price" d=${$a(o(({told:e})=>e),t,a)} />
<path class="price reckoned" d=${$a(o(({told:e})=>!e),t,a)} />`}vertical(e,[t,n]){return Ya([e[0]??0,e.at(-1)??1],[n,t])}powers({slots:e,cars:t},n){let r=e=>e===null?null:e/1e3,i=to(t.map((t,n)=>e.map(e=>(e.cars[n]??0)/1e3))),a=e.map(e=>r(e.sun)),o=e.map(e=>r(e.sunHigh)),s=Xa(0,Math.max(0,...[a,o,i.at(-1)?.highs??[]].flatMap(e=>e.map(e=>e??0)))||4,4),c=this.vertical(s,io),l=a.map(e=>e===null?null:0);return S`<text class="title" x=${Z} y=${io[0]-5}>${this.context.t(`plan.power`)}</text>
${this.axis(s,c,+!s.every(Number.isInteger))}
<path class="sun-area" d=${eo(l,a,n,c)} />
<path class="sun-band" d=${eo(e.map(e=>r(e.sunLow)),o,n,c)} />
<path class="sun-line" d=${$a(a,n,c)} />
${i.map((r,i)=>this.columns(r,t[i]?.index??i,e,n,c))}`}columns({lows:e,highs:t},n,r,i,a){let o=n%6,s=n=>eo(e,t.map((e,t)=>r[t]?.past===n?e:null),i,a);return S`<path class="drawn car-${o}" d=${s(!0)} />
<path class="planned car-${o}" fill="url(#planned-${o})" d=${s(!1)} />`}now({start:e,now:t},n){let r=n((t-e)/Ui);return S`<line class="now" x1=${r} x2=${r} y1=${Q[0]} y2=${io[1]} />
<text class="now-name" x=${r+4} y=${Q[1]+12}>${this.context.t(`plan.now`)}</text>`}pick(e,t){if(this.picked===null)return w;let n=e(t+1)-e(t);return S`<rect class="picked" x=${e(t)} width=${n} y=${Q[0]} height=${io[1]-Q[0]} />`}point(e){let t=e.currentTarget.getBoundingClientRect();this.picked=Qi((e.clientX-t.left-Z)/(this.width-Z-ro))}release(e){e.pointerType===`mouse`&&(this.picked=null)}walk(e,t){let n={ArrowRight:1,ArrowUp:1,ArrowLeft:-1,ArrowDown:-1,PageUp:so,PageDown:-4,Home:-192,End:192}[e.key];e.key===`Escape`&&(this.picked=null),n!==void 0&&(e.preventDefault(),this.picked=Math.min(Math.max(t+n,0),191))}span({start:e,end:t}){let{f:n}=this.context;return n.clockSpan(new Date(e).toISOString(),new Date(t).toISOString())}price({price:e}){let{live:t,t:n,f:r}=this.context;return e===null?n(`plan.no_price`):r.money(String(e),t.site.currency,r.currencyDigits(t.site.currency)+1)}kilowatts(e){return`${this.context.f.number(e/1e3,1)} kW`}why(e,t,n){let r=ea(e,t,n);return r&&this.context.t(`plan.reason.${r}`)}told(e,t){let n=e.slots[t];if(!n)return``;let r=e.cars.map((e,t)=>`${this.name(e)} ${this.kilowatts(n.cars[t]??0)}`);return[this.span(n),this.price(n),...r].join(`, `)}reading(e,t){let{t:n,f:r}=this.context,i=e.slots[t];return i?x`<dl class="reading">
<div>
<dt class="small muted">${r.day(new Date(i.start).toISOString())}</dt>
<dd>${this.span(i)}</dd>
</div>
<div>
<dt class="small muted">
<span class="key price"></span>${n(i.told||i.price===null?`plan.price`:`plan.price_reckoned`)}
</dt>
<dd>${this.price(i)}</dd>
</div>
${i.sun===null?w:this.sunOf(i,i.sun)}
${e.cars.map((n,r)=>{let a=this.why(e,n,t);return x`<div>
<dt class="small muted"><span class="key drawn car-${n.index%6}"></span>${this.name(n)}</dt>
<dd>${this.kilowatts(i.cars[r]??0)}</dd>
${a===null?w:x`<dd class="small muted">${a}</dd>`}
</div>`})}
</dl>`:w}sunOf({sunLow:e,sunHigh:t},n){let{t:r,f:i}=this.context,a=e===null||t===null||t<=0?null:r(`plan.sun_range`,{low:i.number(e/1e3,1),high:i.number(t/1e3,1)});return x`<div>
<dt class="small muted"><span class="key sun"></span>${r(`plan.sun`)}</dt>
<dd>${this.kilowatts(n)}</dd>
${a===null?w:x`<dd class="small muted">${a}</dd>`}
</div>`}table(e){let{t,f:n}=this.context;return x`<details>
<summary>${t(`plan.table`)}</summary>
<div class="scroll">
<table>
<thead>
<tr>
<th scope="col">${t(`plan.hour`)}</th>
<th scope="col">${t(`plan.price`)}</th>
<th scope="col">${t(`plan.sun`)}</th>
${e.cars.map(e=>x`<th scope="col">${this.name(e)}</th>`)}
</tr>
</thead>
<tbody>
${ia(e).map(t=>x`<tr>
<th scope="row">${n.moment(new Date(t.start).toISOString(),e.now)}</th>
<td>${t.price===null?`–`:this.price(t)}</td>
<td>${t.sun===null?`–`:this.kilowatts(t.sun)}</td>
${t.cars.map(e=>x`<td>${this.kilowatts(e)}</td>`)}
</tr>`)}
</tbody>
</table>
</div>
</details>`}static{this.styles=[I,Jn,ni,no]}};B([O({attribute:!1})],lo.prototype,`context`,void 0),B([k()],lo.prototype,`width`,void 0),B([k()],lo.prototype,`picked`,void 0),lo=B([P(`ev-plan-chart`)],lo);var uo=class extends D{constructor(...e){super(...e),this.supposed={}}render(){let{plan:e}=this.context.live;return x`<div class="view">${this.priceless(e)} ${this.chart(e)} ${this.cars(e)}</div>`}chart({prices:e,solar:t,plans:n}){let{t:r}=this.context;return e.length+t.length+Object.keys(n).length===0?w:x`<section class="card" aria-label=${r(`plan.chart`)}>
${this.isSupposed?x`<p class="small supposed" role="note">${r(`plan.supposed`)}</p>`:w}
<ev-plan-chart .context=${this.considered}></ev-plan-chart>
</section>`}get isSupposed(){return Object.values(this.supposed).some(e=>e!==null)}get considered(){let{live:e}=this.context,t={...e.plan.plans};for(let{id:n,evse:r}of e.plan.vehicles){let e=this.supposed[n];e&&r!==null&&(t[r]=e)}return this.isSupposed?{...this.context,live:{...e,plan:{...e.plan,plans:t}}}:this.context}priceless({prices:e,vehicles:t}){let{live:n,t:r}=this.context;return e.length||t.length===0?w:x`<section class="notice tone-warning">
${F(`M15.46 18.12L16.88 19.54L19 17.41L21.12 19.54L22.54 18.12L20.41 16L22.54 13.88L21.12 12.46L19 14.59L16.88 12.46L15.46 13.88L17.59 16M14.97 11.62C14.86 10.28 13.58 8.97 12 9C10.3 9.04 9 10.3 9 12C9 13.7 10.3 14.94 12 15C12.39 15 12.77 14.92 13.14 14.77C13.41 13.67 13.86 12.63 14.97 11.62M13 16H7C7 14.9 6.1 14 5 14V10C6.1 10 7 9.1 7 8H17C17 9.1 17.9 10 19 10V10.05C19.67 10.06 20.34 10.18 21 10.4V6H3V18H13.32C13.1 17.33 13 16.66 13 16Z`)}
<div>
<p class="state">${r(`plan.no_prices`)}</p>
<p>${r(`plan.no_prices_do`)}</p>
${n.site.is_admin?x`<a href=${Vn(n.site)}>${r(`plan.settings`)}</a>`:w}
</div>
</section>`}cars({vehicles:e}){let t=[...e].sort((e,t)=>e.name.localeCompare(t.name,void 0,{numeric:!0}));return x`${t.length?this.cards(t):w}
${e.some(({guest:e})=>!e)?w:this.carless()}`}cards(e){return x`<section class="cars" aria-label=${this.context.t(`plan.cars`)}>
${sr(e,({id:e})=>e,e=>x`<ev-plan-car
.context=${this.context}
.vehicle=${e}
@ev-suppose=${({detail:e})=>{this.supposed={...this.supposed,[e.vehicle]:e.plan}}}
></ev-plan-car>`)}
</section>`}carless(){return gr(this.context,{icon:s,title:`plan.no_vehicle`,means:`plan.no_vehicle_means`,add:`plan.add`,where:`plan.add_where`,ask:`plan.ask_owner`})}static{this.styles=[I,_r,h`
.view,
.cars {
display: grid;
grid-template-columns: minmax(0, 1fr);
gap: 16px;
}
.state {
font-weight: 500;
}
.supposed {
margin-bottom: 8px;
padding-inline-start: 8px;
border-inline-start: 4px solid var(--ev-accent);
}
@container (min-width: 720px) {
.cars {
grid-template-columns: repeat(auto-fill, minmax(340px, 1fr));
}
}
`]}};B([O({attribute:!1})],uo.prototype,`context`,void 0),B([k()],uo.prototype,`supposed`,void 0),uo=B([P(`ev-plan-view`)],uo);var fo=[{key:`now`,title:`view.now`,icon:p,render:e=>x`<ev-now-view .context=${e}></ev-now-view>`},{key:`plan`,title:`view.plan`,icon:i,render:e=>x`<ev-plan-view .context=${e}></ev-plan-view>`},{key:`circuits`,title:`view.circuits`,icon:ne,render:e=>x`<ev-circuits-view .context=${e}></ev-circuits-view>`},{key:`billing`,title:`view.billing`,icon:ee,render:e=>x`<ev-billing-view .context=${e}></ev-billing-view>`}],po=fo.map(e=>e.key),mo=document.createElement(`style`);mo.textContent=`@media print { html { height: auto; } }`;var $=class extends D{constructor(){super(),this.narrow=!1,this.live=null,this.failure=null,this.message=null,this.words=null,this.language=null,this.speechKey=``,this.context=null,this.feed=new sn({message:e=>{this.live=Fn(this.live,e,Date.now()),this.failure=null},failed:e=>{tn(this.hass,e).then(e=>{this.failure=e})}}),this.addEventListener(`ev-say`,e=>{this.message=e.detail})}connectedCallback(){super.connectedCallback(),document.head.append(mo),this.hasUpdated&&this.feed.start(this.hass.connection)}disconnectedCallback(){super.disconnectedCallback(),mo.remove(),this.feed.stop()}willUpdate(e){let t=e.get(`hass`);e.has(`hass`)&&t?.connection!==this.hass.connection&&this.feed.start(this.hass.connection),Bn(this.route,po)&&Hn(N(fo[0].key),{replace:!0}),this.language!==this.hass.language&&this.learn(this.hass.language),this.words&&this.speak(this.words),this.context=this.live&&{hass:this.hass,live:this.live,...this.speech}}async learn(e){this.language=e;let t=await An(e).catch(()=>void 0);this.language===e&&(this.words=Mn(e,t))}speak(e){let{hass:t,live:n}=this,r=n?.site.time_zone??t.config?.time_zone??`UTC`,i=t.locale??{language:t.language},a=JSON.stringify([i,r]);(this.speechKey!==a||this.speech.t!==e)&&(this.speechKey=a,this.speech={t:e,f:new wn({locale:i,timeZone:r})})}render(){if(!this.words)return w;let e=fo.find(({key:e})=>e===zn(this.route,po))??fo[0];return x`<div class="page">
${this.header(e.key)}
<main>${this.context?e.render(this.context):this.waiting()}</main>
<div class="toasts" role="alert">${this.toast()}</div>
</div>`}header(e){let{t}=this.speech;return x`<header>
${this.narrow||this.hass.dockedSidebar===`always_hidden`?this.menuButton():w}
<h1>${this.live?.site.name??t(`title`)}</h1>
<nav aria-label=${t(`view.all`)}>${fo.map(({key:n,title:r,icon:i})=>x`<a href=${N(n)} aria-current=${n===e?`page`:w} @click=${Kn(n)}
>${F(i)}${t(r)}</a
>`)}</nav>
</header>`}menuButton(){let{t:e}=this.speech;return x`<button class="round menu" aria-label=${e(`action.menu`)} @click=${this.toggleMenu}>
${F(`M3,6H21V8H3V6M3,11H21V13H3V11M3,16H21V18H3V16Z`)}
</button>`}toggleMenu(){this.dispatchEvent(new CustomEvent(`hass-toggle-menu`,{bubbles:!0,composed:!0}))}waiting(){let{t}=this.speech;return this.failure===null?x`<p class="wait" role="status">${t(`loading`)}</p>`:x`<section class="card failure tone-error" role="alert">
${F(e)}
<p>${j(this.failure,t)}</p>
<p class="muted">${t(`error.retrying`)}</p>
<button
@click=${()=>{this.feed.start(this.hass.connection)}}
>
${t(`action.retry`)}
</button>
</section>`}toast(){let{t}=this.speech;return this.message===null?w:x`<div class="toast">
${F(e)}
<p>${this.message}</p>
<button
class="round"
aria-label=${t(`action.close`)}
@click=${()=>{this.message=null}}
>
${F(`M19,6.41L17.59,5L12,10.59L6.41,5L5,6.41L10.59,12L5,17.59L6.41,19L12,13.41L17.59,19L19,17.59L13.41,12L19,6.41Z`)}
</button>
</div>`}static{this.styles=[qn,I,h`
:host {
display: block;
min-height: 100vh;
min-height: 100dvh;
background: var(--ev-page);
color: var(--ev-text);
font-family: var(--ha-font-family-body, Roboto, Noto, sans-serif);
font-size: var(--ev-size);
font-variant-numeric: tabular-nums;
line-height: 20px;
-webkit-font-smoothing: antialiased;
}
.page {
display: flex;
flex-direction: column;
min-height: inherit;
container-type: inline-size;
}
header {
position: sticky;
top: 0;
z-index: 5;
display: flex;
flex-wrap: wrap;
align-items: center;
gap: 0 8px;
padding-inline: 16px;
border-bottom: var(--app-header-border-bottom, 1px solid var(--ev-line));
background: var(--app-header-background-color, var(--ev-surface));
color: var(--app-header-text-color, var(--ev-text));
}
h1 {
overflow: hidden;
min-width: 0;
font-size: var(--ha-font-size-xl, 20px);
font-weight: 400;
line-height: var(--header-height, 56px);
text-overflow: ellipsis;
white-space: nowrap;
}
.menu {
margin-inline-start: -8px;
color: inherit;
}
.menu .icon {
width: 24px;
height: 24px;
}
nav {
display: flex;
gap: 8px;
margin-inline-start: 24px;
}
nav a {
display: flex;
align-items: center;
gap: 8px;
height: var(--header-height, 56px);
padding-inline: 12px;
border-block: 2px solid transparent;
color: inherit;
font-weight: 500;
opacity: 0.72;
text-decoration: none;
}
nav a:hover,
nav a[aria-current] {
opacity: 1;
}
nav a[aria-current] {
border-bottom-color: currentcolor;
}
nav a:focus-visible {
outline-color: currentcolor;
outline-offset: -4px;
}
main {
flex: 1;
width: 100%;
max-width: 1440px;
margin-inline: auto;
padding: 16px;
}
.wait {
padding: 32px;
color: var(--ev-muted);
text-align: center;
}
.failure {
display: grid;
gap: 8px;
justify-items: center;
max-width: 480px;
margin: 32px auto;
padding: 32px 24px;
text-align: center;
}
.failure > .icon {
width: 40px;
height: 40px;
color: var(--tone);
}
.toasts {
position: sticky;
bottom: 16px;
z-index: 5;
display: grid;
justify-items: center;
padding-inline: 16px;
}
.toast {
display: flex;
align-items: center;
gap: 12px;
max-width: 560px;
padding: 8px 8px 8px 16px;
border-radius: 8px;
background: var(--ev-text);
box-shadow: 0 4px 16px rgba(0, 0, 0, 0.32);
color: var(--ev-surface);
overflow-wrap: anywhere;
}
.toast button {
color: inherit;
}
.toast button:hover {
background: rgba(127, 127, 127, 0.4);
}
.toast :focus-visible {
outline-color: currentcolor;
}
@container (max-width: 599px) {
header {
padding-inline: 8px;
}
.menu {
margin: 0;
}
h1 {
flex: 1;
padding-inline: 8px;
}
nav {
flex-basis: 100%;
margin: 0;
}
nav {
gap: 0;
}
nav a {
flex: 1;
flex-direction: column;
justify-content: center;
gap: 0;
min-width: 0;
padding-inline: 4px;
font-size: var(--ev-size-small);
line-height: 16px;
}
main {
padding: 8px 8px 24px;
}
}
@media print {
:host {
/* Over Home Assistant's sidebar and the space kept for it; the shadow covers what is left of each page. */
position: absolute;
inset: 0 0 auto;
z-index: 10;
background: #fff;
box-shadow: 0 0 0 300vmax #fff;
print-color-adjust: exact;
--ev-text: #000;
--ev-muted: #444;
--ev-line: #bbb;
--ev-surface: #fff;
--ev-page: #fff;
}
header,
.toasts {
display: none;
}
main {
padding: 0;
}
}
`]}};B([O({attribute:!1,hasChanged:(e,t)=>En(t,e)})],$.prototype,`hass`,void 0),B([O({type:Boolean,reflect:!0})],$.prototype,`narrow`,void 0),B([O({attribute:!1})],$.prototype,`route`,void 0),B([O({attribute:!1})],$.prototype,`panel`,void 0),B([k()],$.prototype,`live`,void 0),B([k()],$.prototype,`failure`,void 0),B([k()],$.prototype,`message`,void 0),B([k()],$.prototype,`words`,void 0),$=B([P(`ev-station-panel`)],$);