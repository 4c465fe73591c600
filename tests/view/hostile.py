"""Texts that try to become markup, script, a URL, a style or an attribute, to set `window.canary` or to call out."""

import itertools

RUN = "window.canary=1"
CALL = "http://127.0.0.1:9/hostile"

MARKUP = [
    f"<script>{RUN}</script>", f"<SCRIPT SRC={CALL}></SCRIPT>", f"<img src=x onerror={RUN}>", f"<img src={CALL}>",
    f"<svg onload={RUN}>", f"<svg><script>{RUN}</script></svg>", f"<svg><script href={CALL}/></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s></svg>", f"<iframe srcdoc='<script>parent.{RUN}</script>'>",
    f"<iframe src=javascript:parent.{RUN}>", f"<object data={CALL}></object>", f"<embed src={CALL}>",
    f"<a href=javascript:{RUN} autofocus onfocus={RUN}>x</a>", f"<input autofocus onfocus={RUN}>",
    f"<details open ontoggle={RUN}>", f"<video><source onerror={RUN}></video>", f"<body onload={RUN}>",
    f"<style>@import '{CALL}';</style>", f"<link rel=stylesheet href={CALL}>", f"<base href={CALL}>",
    f"<meta http-equiv=refresh content='0;url={CALL}'>", f"<form action={CALL}><button autofocus>x</button></form>",
    f"<math><mtext><img src=x onerror={RUN}></mtext></math>", f"<math href=javascript:{RUN}>x</math>",
    f"<foreignObject><img src=x onerror={RUN}></foreignObject>", f"<use href='{CALL}#a'/>",
    f"<template><img src=x onerror={RUN}></template>", f"<xss style=animation-name:x onanimationstart={RUN}>",
    "<alert(1)>", "<script>alert(1)</script>", "<img src=x onerror=alert(document.domain)>", "<plaintext>", "<!--",
    "<![CDATA[", "<?xml-stylesheet href='http://127.0.0.1:9/'?>",
    "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hosts'>]>",
    "&lt;script&gt;window.canary=1&lt;/script&gt;", "&#60;script&#62;window.canary=1", "&e;", "&amp;quot;", "&",
]  # fmt: skip
ENDS = [  # what could end the place that a text stands in
    "", '">', "'>", "</text></svg>", "</title>", "</script>", "--><!-- -->", "]]>", "</pre></div>", "\" x=\"", "\\\">",
]  # fmt: skip
SCRIPT = [
    f'";{RUN};//', f"';{RUN};//", f"`;{RUN};//", f"${{{RUN}}}", f"\\';{RUN};//", f"\\u0022;{RUN};//", f"\u2028{RUN}//",
    f"\u2029{RUN}//", f"*/{RUN}/*", f"\n{RUN}\n", f"</script><script>{RUN}</script>", f"<!--<script>{RUN}",
    "__proto__", "constructor", "toString", "hasOwnProperty", "{{constructor.constructor('window.canary=1')()}}",
    "{0}{1}{__class__}", "%s%n%(x)s", "$&$1$'$`", "/* SCRIPT */", "/* KEY */", '{"$float":"nan"}',
    "NaN", "Infinity", "null",
]  # fmt: skip
ATTRIBUTES = [
    f'" onclick="{RUN}', f"' onmouseover='{RUN}", f'" onload="{RUN}" x="', f'" style="background:url({CALL})',
    f'" href="javascript:{RUN}', f'" xlink:href="{CALL}', f"x onfocus={RUN} autofocus tabindex=1", f'" src="{CALL}',
    f"javascript:{RUN}", f"JaVaScRiPt:{RUN}", f"data:text/html,<script>{RUN}</script>", CALL, "//127.0.0.1:9/x",
    f"url({CALL})", f"}}*{{background:url({CALL})}}", f"@import url({CALL});", "expression(window.canary=1)",
]  # fmt: skip
OTHERS = [  # of DOT, Markdown, LaTeX; control characters, other scripts, sizes
    "\\N\\G\\E\\T\\H\\L", "\\l\\r\\n", "\\", "\\\\\"", f'"]; x [URL="javascript:{RUN}"]; y ["', "<<b>bold</b>>",
    f'<<TABLE HREF="{CALL}"><TR><TD>x</TD></TR></TABLE>>', f'x" image="{CALL}', "}\ndigraph { x", "a:b:c", "a->b;",
    f"[x](javascript:{RUN})", f"![x]({CALL})", f"<{CALL}>", "`code`", "# heading", "| a | b |", "***", "- [ ] x",
    f"$\\href{{javascript:{RUN}}}{{x}}$", "\\input{/etc/passwd}", "\\begin{x}", "$$", "\\(x\\)", "^_{}~%#",
    f"\\class{{x}}{{y}} \\style{{background:url({CALL})}}{{x}}", "\x00", "\x1b[31mred\x1b[0m", "\x08\x7f\x85", "\r\n\t",
    "\u202eright to left\u202c", "\u200b\u200d\ufeff", "\ud800", "\udfff\ud800", "\ufffe\uffff",
    "😀👨‍👩‍👧‍👦🏴‍☠️", "العربية עברית", "数据" * 9,
    "e\u0301" * 50, "Z̸͓͎̈́a̵͝l̷g̶o̴", " ", "", "\u00a0", "x" * 10_000, "<" * 3_000, '"' * 3_000, "&" * 3_000, "\\" * 3_000,
]  # fmt: skip

HOSTILE = tuple(dict.fromkeys([
    *MARKUP, *SCRIPT, *ATTRIBUTES, *OTHERS,
    *[end + text for end, text in itertools.product(ENDS[1:], MARKUP[:10])],
]))  # fmt: skip
