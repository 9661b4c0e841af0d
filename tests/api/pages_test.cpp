// The pages as a browser gets them: files, policy, compression, and where people sign in.
#include "api/pages.hpp"
#include "crypto/hash.hpp"
#include "support/api_world.hpp"

#include <doctest/doctest.h>

using namespace comity;
using namespace comity::test;

namespace {

struct Build {
    std::map<std::string, Bytes> files;
    json::Array listed;

    void add(const std::string& path, const Bytes& bytes, const Bytes& packed, bool immutable) {
        files[path] = bytes;
        files[path + ".gz"] = packed;
        listed.emplace_back(json::Object{
            {"path", path},
            {"type",
             path.ends_with(".js") ? "text/javascript; charset=utf-8" : "text/html; charset=utf-8"},
            {"size", static_cast<std::int64_t>(bytes.size())},
            {"gzip", static_cast<std::int64_t>(packed.size())},
            {"sha256", text(crypto::sha256(bytes))},
            {"gzip_sha256", text(crypto::sha256(packed))},
            {"immutable", immutable}});
    }

    Result<api::Pages> read() {
        files["manifest.json"] = json::print(
            json::Object{{"fallback", "index.html"}, {"first_page", 40}, {"files", listed}});
        return api::Pages::read([this](const std::string& path) -> Result<Bytes> {
            const auto at = files.find(path);
            if (at == files.end()) return refuse(Code::not_initialised, path);
            return at->second;
        });
    }
};

Build sample() {
    Build out;
    out.add("index.html", "<!doctype html><div id=\"app\"></div>", "packed html", false);
    out.add("assets/app-ABC.js", "globalThis.started = true // long enough", "packed", true);
    return out;
}

http::Response ask(
    const api::Pages& pages, const std::string& path,
    const std::map<std::string, std::string>& fields = {}) {
    http::Request request;
    request.method = "GET";
    request.target = path;
    request.path = path;
    for (const auto& [name, value] : fields)
        request.headers.set(name, value);
    return pages.serve(
        request, {"api/v1", "exchange/v1", "notice/v1", "record"},
        "https://sign.node.example:8443");
}

std::string field(const http::Response& response, const char* name) {
    return std::string(response.headers.find(name).value_or("(none)"));
}

} // namespace

TEST_CASE("a path of the pages gets the first page, a file gets itself, and the rest is unknown") {
    auto build = sample();
    const auto pages = build.read();
    REQUIRE(pages.has_value());
    CHECK(pages->first_page() == 40);
    for (const std::string path :
         {"/", "/work", "/cases/i2mzgwawnfbturpgd6kv3c75sq", "/index.html", "/notice"}) {
        CAPTURE(path);
        const auto response = ask(*pages, path);
        CHECK(response.status == 200);
        CHECK(response.content_type == "text/html; charset=utf-8");
        CHECK(response.body == build.files["index.html"]);
        CHECK(field(response, "Cache-Control") == "no-cache");
    }
    const auto script = ask(*pages, "/assets/app-ABC.js");
    CHECK(script.body == build.files["assets/app-ABC.js"]);
    CHECK(script.content_type == "text/javascript; charset=utf-8");
    CHECK(field(script, "Cache-Control") == "public, max-age=31536000, immutable");
    for (const std::string path :
         {"/assets/app-OLD.js", "/assets/app-ABC.js.gz", "/assets", "/api/v1/nothing",
          "/exchange/v1", "/notice/v1/nothing", "/record", "/record/nothing"}) {
        CAPTURE(path);
        CHECK(ask(*pages, path).status == 404);
    }
    // The manifest and the packed files are no pages of their own.
    CHECK(ask(*pages, "/manifest.json").body == build.files["index.html"]);
}

TEST_CASE("T43_ T45_ every page comes with the policy: no foreign script, no inline, no frame") {
    auto build = sample();
    const auto pages = build.read();
    REQUIRE(pages.has_value());
    for (const std::string path : {"/", "/assets/app-ABC.js", "/sign-in"}) {
        const auto response = ask(*pages, path, {{"Host", "node.example:8443"}});
        const auto policy = field(response, "Content-Security-Policy");
        CHECK(policy.starts_with("default-src 'none'; script-src 'self';"));
        CHECK(policy.find("frame-ancestors 'none'") != std::string::npos);
        CHECK(
            policy.find("require-trusted-types-for 'script'; trusted-types 'none'") !=
            std::string::npos);
        CHECK(policy.find("unsafe") == std::string::npos);
        CHECK(policy.find("http") == std::string::npos);
        CHECK(field(response, "X-Content-Type-Options") == "nosniff");
        CHECK(field(response, "Referrer-Policy") == "no-referrer");
        CHECK(field(response, "Cross-Origin-Opener-Policy") == "same-origin");
        CHECK(field(response, "Cross-Origin-Resource-Policy") == "same-origin");
    }
}

TEST_CASE("a browser that takes gzip gets it, and one that has the file already gets 304") {
    auto build = sample();
    const auto pages = build.read();
    REQUIRE(pages.has_value());
    const auto coded = [&](const std::string& accepted) {
        const auto response = ask(*pages, "/assets/app-ABC.js", {{"Accept-Encoding", accepted}});
        CHECK(field(response, "Vary") == "Accept-Encoding");
        const bool packed = field(response, "Content-Encoding") == "gzip";
        CHECK(response.body == (packed ? "packed" : build.files["assets/app-ABC.js"]));
        return packed;
    };
    CHECK(coded("gzip"));
    CHECK(coded("br, GZIP;q=0.5"));
    CHECK(coded("*"));
    CHECK(coded("identity;q=1, *;q=0.001"));
    CHECK_FALSE(coded("gzip;q=0"));
    CHECK_FALSE(coded("gzip; q=0.000, *"));
    CHECK_FALSE(coded("br, deflate"));
    CHECK_FALSE(coded(""));
    CHECK_FALSE(coded("x-gzip"));
    const auto tag = field(ask(*pages, "/"), "ETag");
    const auto same = ask(*pages, "/work", {{"If-None-Match", tag}});
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(ask(*pages, "/", {{"If-None-Match", "\"other\""}}).status == 200);
}

TEST_CASE(
    "T11_ who comes to sign in by the node's other name is sent to where acts can be approved") {
    auto build = sample();
    const auto pages = build.read();
    REQUIRE(pages.has_value());
    for (const std::string path : {"/sign-in", "/enrol"}) {
        const auto away = ask(*pages, path, {{"Host", "node.example:8443"}});
        CHECK(away.status == 308);
        CHECK(field(away, "Location") == "https://sign.node.example:8443" + path);
        CHECK(ask(*pages, path, {{"Host", "sign.node.example:8443"}}).status == 200);
    }
    CHECK(ask(*pages, "/work", {{"Host", "node.example:8443"}}).status == 200);
}

TEST_CASE("files that are not those that were built are refused at the start") {
    const auto refused = [](Build build) {
        const auto pages = build.read();
        REQUIRE_FALSE(pages.has_value());
        return pages.error().facts.text();
    };
    auto changed = sample();
    changed.files["assets/app-ABC.js"] += " ";
    CHECK(refused(changed) == "the pages: assets/app-ABC.js is not the file that was built");
    auto packed = sample();
    packed.files["assets/app-ABC.js.gz"] = "packeD";
    CHECK(refused(packed) == "the pages: assets/app-ABC.js.gz is not the file that was built");
    auto missing = sample();
    missing.files.erase("index.html.gz");
    CHECK(refused(missing) == "index.html.gz");
    auto outside = sample();
    outside.add("../keys/tls.key.pem", "secret", "secret", false);
    CHECK(refused(outside) == "the pages: \"../keys/tls.key.pem\" is no path of a file");
    auto headless = Build{};
    headless.add("assets/app.js", "x", "y", true);
    CHECK(refused(headless) == "the pages: the first page is missing");
}

TEST_CASE("T43_ a page of the node's public name changes nothing where people are signed in") {
    ApiWorld world;
    const auto cookie = world.signed_in("issuing-officer");
    const std::string node = "arcadia-authority.example";
    const auto change = [&](const std::string& origin, const std::string& host) {
        return world.call({"DELETE", "/session", nullptr, cookie, origin, {{"Host", host}}}).status;
    };
    CHECK(change("https://" + node, "sign." + node) == 403);
    CHECK(change("https://sign." + node, node) == 403);
    CHECK(change("https://sign." + node + ":444", "sign." + node + ":444") == 403);
    CHECK(change("https://sign." + node, "sign." + node) == 204);
}
