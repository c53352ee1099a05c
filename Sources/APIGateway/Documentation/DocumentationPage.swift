/// A page that shows `/openapi.json`. It stands by itself: nothing of it comes from another host.
package enum DocumentationPage {
    /// The page's own script and style, and the document; nothing else is loaded, and no page may frame it.
    package static let contentSecurityPolicy = """
        default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    /// Texts of the document become text nodes, never markup.
    package static let html = #"""
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>API reference</title>
        <style>
        :root { color-scheme: light dark; --line: #8884; --soft: #8881; --accent: #2563eb; }
        @media (prefers-color-scheme: dark) { :root { --accent: #7aa2ff; } }
        * { box-sizing: border-box; }
        html { scroll-behavior: smooth; }
        body { margin: 0; font: 15px/1.55 system-ui, sans-serif; display: grid; grid-template-columns: 20rem minmax(0, 1fr); }
        nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; padding: 1.2rem; border-right: 1px solid var(--line); }
        nav h3 { margin: 1.1rem 0 .2rem; font-size: .8rem; text-transform: uppercase; letter-spacing: .05em; opacity: .7; }
        nav a { display: flex; gap: .5rem; align-items: baseline; padding: .15rem .3rem; border-radius: .3rem; color: inherit;
          text-decoration: none; font-size: .88rem; }
        nav a:hover { background: var(--soft); }
        main { padding: 2rem 3rem 6rem; max-width: 64rem; }
        h1 { margin-top: 0; } h2 { margin: 3rem 0 .5rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
        section { margin: 2rem 0 2.5rem; scroll-margin-top: 1rem; }
        section h3 { margin: 0; font-size: 1.05rem; display: flex; gap: .6rem; align-items: baseline; flex-wrap: wrap; }
        h4 { margin: 1rem 0 .3rem; font-size: .82rem; text-transform: uppercase; letter-spacing: .05em; opacity: .7; }
        code, pre, .path { font-family: ui-monospace, monospace; font-size: .88em; }
        pre { background: var(--soft); padding: .7rem .9rem; border-radius: .4rem; overflow-x: auto; margin: .3rem 0; }
        .verb { font: 600 .7rem ui-monospace, monospace; min-width: 3.4rem; text-align: center; padding: .1rem .3rem;
          border-radius: .3rem; color: #fff; flex: none; }
        .get { background: #2f7d4f; } .post { background: #2563eb; } .patch { background: #a16207; } .delete { background: #b3261e; }
        table { border-collapse: collapse; width: 100%; margin: .2rem 0; }
        td { border-top: 1px solid var(--line); padding: .35rem .8rem .35rem 0; vertical-align: top; }
        td:first-child { white-space: nowrap; width: 1%; }
        .note { opacity: .75; } .required { color: #b3261e; font-size: .75rem; margin-left: .3rem; }
        a { color: var(--accent); }
        @media (max-width: 60rem) { body { display: block; } nav { position: static; height: auto; border: 0; } main { padding: 1.2rem; } }
        </style>
        <nav id="nav"></nav>
        <main id="main"><noscript>The document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript></main>
        <script>
        "use strict";
        const verbs = ["get", "post", "patch", "delete"];
        let api;

        function make(name, attributes, ...children) {
          const element = Object.assign(document.createElement(name), attributes);
          element.append(...children.filter((child) => child !== null && child !== undefined));
          return element;
        }

        /** A text whose words between backticks are code. */
        function prose(text, attributes = {}) {
          const parts = (text ?? "").split("`");
          return make("span", attributes, ...parts.map((part, index) => index % 2 ? make("code", {}, part) : part));
        }

        function resolve(thing) {
          let found = thing;
          while (found && found.$ref) {
            found = found.$ref.slice(2).split("/").reduce((at, name) => at[name.replaceAll("~1", "/")], api);
          }
          return found;
        }

        function nameOf(schema) { return schema.$ref?.split("/").at(-1); }

        function link(name) { return make("a", { href: "#schema-" + name }, name); }

        /** What a value must be, in a few words. */
        function kind(schema) {
          if (schema.$ref) return link(nameOf(schema));
          const choices = schema.oneOf ?? schema.anyOf;
          if (choices && !schema.properties && !schema.type) {
            return make("span", {}, ...choices.flatMap((one, index) => index ? [" or ", kind(one)] : [kind(one)]));
          }
          if (schema.allOf) return kind(schema.allOf[0]);
          if (schema.enum) return make("code", {}, schema.enum.map(String).join(" | "));
          if ("const" in schema) return make("code", {}, String(schema.const));
          if ([schema.type].flat().includes("array")) return make("span", {}, "array of ", kind(schema.items ?? {}));
          if (schema.pattern && !schema.type) return make("code", {}, schema.pattern);
          return make("span", {}, [schema.type].flat().filter(Boolean).join(" or ") || "anything");
        }

        function limits(schema) {
          const words = [
            ["minLength", "at least {} characters"], ["maxLength", "at most {} characters"], ["minimum", "from {}"],
            ["maximum", "to {}"], ["maxItems", "at most {} entries"], ["maxProperties", "at most {} members"],
            ["default", "{} unless given"], ["pattern", "matches {}"],
          ];
          // That a text holds no NUL goes without saying.
          return words.filter(([name]) => schema[name] !== undefined && schema.type && !String(schema[name]).includes("x00"))
            .map(([name, text]) => text.replace("{}", () => "`" + schema[name] + "`")).join(", ");
        }

        function sentences(...texts) { return texts.filter(Boolean).map((text) => text.replace(/\.$/, "")).join(". "); }

        function row(name, schema, isRequired, description) {
          const text = sentences(description ?? schema.description, limits(schema));
          return make("tr", {},
            make("td", {}, make("code", {}, name), isRequired ? make("span", { className: "required" }, "required") : null),
            make("td", {}, kind(schema), text ? make("div", { className: "note" }, prose(text)) : null));
        }

        function fields(schema) {
          const rows = Object.entries(schema.properties ?? {})
            .map(([name, field]) => row(name, field, schema.required?.includes(name)));
          return rows.length ? make("table", {}, ...rows) : null;
        }

        function example(value) { return make("pre", {}, JSON.stringify(value, null, 2)); }

        function body(operation) {
          if (!operation.requestBody) return [];
          const parts = [make("h4", {}, operation.requestBody.required ? "Body" : "Body, if any")];
          for (const [type, media] of Object.entries(operation.requestBody.content)) {
            parts.push(make("p", {}, make("code", {}, type), " ", kind(media.schema ?? {})));
            const schema = resolve(media.schema ?? {});
            if (fields(schema)) parts.push(fields(schema));
            for (const one of Object.values(media.examples ?? {})) {
              parts.push(typeof one.value === "string" ? make("pre", {}, one.value) : example(one.value));
            }
          }
          return parts;
        }

        function answers(operation) {
          const rows = Object.entries(operation.responses).map(([status, given]) => {
            const response = resolve(given);
            const media = Object.values(response.content ?? {})[0];
            const codes = media?.schema?.allOf?.[1]?.properties?.error?.properties?.code?.enum;
            return make("tr", {}, make("td", {}, make("code", {}, status)), make("td", {}, prose(response.description),
              codes ? make("div", { className: "note" }, make("code", {}, codes.join(" "))) : null,
              media && !codes ? make("div", {}, kind(media.schema ?? {})) : null));
          });
          return [make("h4", {}, "Answers"), make("table", {}, ...rows)];
        }

        function section(path, verb, operation) {
          const parameters = (operation.parameters ?? []).map(resolve);
          return make("section", { id: operation.operationId },
            make("h3", {}, make("span", { className: "verb " + verb }, verb.toUpperCase()), make("span", { className: "path" }, path),
              make("span", { className: "note" }, operation.summary)),
            make("p", {}, prose(operation.description), operation.security ? prose(" Public: no key is needed.") : null),
            ...(parameters.length ? [make("h4", {}, "Parameters"), make("table", {}, ...parameters.map((parameter) =>
              row(parameter.name, parameter.schema, parameter.required, parameter.description)))] : []),
            ...body(operation), ...answers(operation));
        }

        function schemas() {
          return Object.entries(api.components.schemas).map(([name, schema]) => make("section", { id: "schema-" + name },
            make("h3", {}, make("span", { className: "path" }, name), schema.properties ? null : kind(schema)),
            schema.description || limits(schema)
              ? make("p", { className: "note" }, prose(sentences(schema.description, limits(schema)))) : null,
            fields(schema)));
        }

        function show() {
          document.title = api.info.title + " API reference";
          const [nav, main] = [document.getElementById("nav"), document.getElementById("main")];
          nav.append(make("strong", {}, api.info.title + " " + api.info.version));
          main.replaceChildren(make("h1", {}, api.info.title), make("p", {}, api.info.summary),
            ...api.info.description.split("\n").filter(Boolean).map((text) => make("p", {}, prose(text))),
            make("p", {}, "For programs: ", make("a", { href: "/openapi.json" }, "/openapi.json"), "."));
          for (const tag of api.tags) {
            nav.append(make("h3", {}, tag.name));
            main.append(make("h2", {}, tag.name), make("p", {}, tag.description));
            for (const [path, item] of Object.entries(api.paths)) {
              for (const verb of verbs.filter((verb) => item[verb]?.tags.includes(tag.name))) {
                nav.append(make("a", { href: "#" + item[verb].operationId, title: path },
                  make("span", { className: "verb " + verb }, verb.toUpperCase()), item[verb].summary));
                main.append(section(path, verb, item[verb]));
              }
            }
          }
          nav.append(make("a", { href: "#schemas" }, "Schemas"));
          main.append(make("h2", { id: "schemas" }, "Schemas"), ...schemas());
          if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView({ behavior: "instant" });
        }

        fetch("/openapi.json").then((answer) => answer.json()).then((document) => { api = document; show(); })
          .catch(() => document.getElementById("main").append("The document cannot be read now; try again in a moment."));
        </script>
        </html>
        """#
}
