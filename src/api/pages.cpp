// Looking a file up, and the policy.
#include "api/pages.hpp"

#include "crypto/hash.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace comity::api {

namespace {

constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

// The whole build has half a megabyte; what is far over is not our pages.
constexpr std::size_t manifest_bytes = 256 * 1024;
constexpr std::int64_t pages_bytes = 32 * 1024 * 1024;

tl::unexpected<Refusal> broken(std::string facts) {
    return refuse(Code::setting_invalid, "the pages: " + std::move(facts));
}

// RFC 9110 section 12.5.3: gzip is acceptable when it is named, or everything is, and not at q=0.
bool accepts_gzip(const http::Request& request) {
    const auto field = request.headers.find("Accept-Encoding");
    if (!field) return false;
    std::string_view rest = *field;
    bool any = false;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(','), rest.size());
        auto item = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        std::string plain;
        for (const char c : item)
            if (c != ' ' && c != '\t')
                plain += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        const auto semicolon = std::min(plain.find(';'), plain.size());
        const auto weight = std::string_view(plain).substr(semicolon);
        const bool wanted = !weight.starts_with(";q=0") ||
                            weight.find_first_not_of("0.", 3) != std::string_view::npos;
        const auto name = std::string_view(plain).substr(0, semicolon);
        if (name == "gzip") return wanted;
        if (name == "*") any = wanted;
    }
    return any;
}

std::string_view first_segment(std::string_view path) {
    path.remove_prefix(1);
    return path.substr(0, path.find('/'));
}

// "exchange/v1" of /exchange/v1/acts, "record" of /record/checkpoint: the page /notice has its name
// beside /notice/v1.
std::string_view name_of(std::string_view path) {
    const auto first = first_segment(path);
    const auto rest = path.substr(1 + first.size());
    const bool versioned = rest == "/v1" || rest.starts_with("/v1/");
    return versioned ? path.substr(1, first.size() + 3) : first;
}

Result<Bytes> read_checked(
    const ReadFile& file, const std::string& path, std::int64_t size, std::string_view digest) {
    TRY(auto bytes, file(path));
    if (static_cast<std::int64_t>(bytes.size()) != size || text(crypto::sha256(bytes)) != digest)
        return broken(path + " is not the file that was built");
    return bytes;
}

} // namespace

void add_policy(http::Headers& headers) {
    headers.set("Content-Security-Policy", std::string(policy));
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set(
        "Permissions-Policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)");
}

Result<Pages> Pages::read(const ReadFile& file) {
    TRY(const auto manifest_text, file("manifest.json"));
    TRY(const auto manifest, json::parse_object(manifest_text, manifest_bytes));
    json::Reader in{manifest, "manifest"};
    Pages out;
    out.fallback_ = in.string("fallback");
    out.first_page_ = in.integer("first_page");
    std::int64_t total = 0;
    for (const auto& value : in.array("files")) {
        if (!value.is_object()) return broken("a file of the manifest is no object");
        json::Reader item{value.as_object(), "file"};
        const auto path = item.string("path");
        const auto size = item.integer("size");
        const auto gzip = item.integer("gzip");
        const auto digest = item.string("sha256");
        const auto gzip_digest = item.string("gzip_sha256");
        File made;
        made.type = item.string("type");
        made.immutable = item.boolean("immutable");
        TRY_VOID(item.done());
        // The manifest is ours, but a path that leaves the folder is nobody's.
        if (path.empty() || path.front() == '/' || path.find("..") != std::string::npos)
            return broken("\"" + path + "\" is no path of a file");
        total += size + gzip;
        if (size < 0 || gzip < 0 || total > pages_bytes)
            return broken(fmt::format("over {} bytes", pages_bytes));
        TRY(made.plain, read_checked(file, path, size, digest));
        TRY(made.gzip, read_checked(file, path + ".gz", gzip, gzip_digest));
        if (made.gzip.size() >= made.plain.size()) made.gzip.clear();
        made.tag = fmt::format("\"{}\"", digest.substr(0, 22));
        out.files_.emplace(path, std::move(made));
    }
    TRY_VOID(in.done());
    if (!out.files_.contains(out.fallback_)) return broken("the first page is missing");
    return out;
}

http::Response Pages::serve(
    const http::Request& request, const std::set<std::string>& reserved,
    const std::string& people) const {
    const auto host = request.headers.find("Host");
    if ((request.path == "/sign-in" || request.path == "/enrol") && host &&
        people != fmt::format("https://{}", *host)) {
        http::Response away;
        away.status = 308;
        away.headers.set("Location", people + request.target);
        away.headers.set("Cache-Control", "no-store");
        add_policy(away.headers);
        return away;
    }
    auto at = files_.find(request.path.substr(1));
    if (at == files_.end()) {
        if (first_segment(request.path) == "assets" ||
            reserved.contains(std::string(name_of(request.path))))
            return http::problem(
                Refusal{Code::not_found, say("there is nothing under this path"), {}, {}, {}});
        at = files_.find(fallback_);
    }
    const auto& file = at->second;
    http::Response response;
    add_policy(response.headers);
    response.headers.set("ETag", file.tag);
    response.headers.set("Vary", "Accept-Encoding");
    response.headers.set(
        "Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache");
    const auto known = request.headers.find("If-None-Match");
    if (known && *known == file.tag) {
        response.status = 304;
        return response;
    }
    response.content_type = file.type;
    if (!file.gzip.empty() && accepts_gzip(request)) {
        response.headers.set("Content-Encoding", "gzip");
        response.body = file.gzip;
    } else {
        response.body = file.plain;
    }
    return response;
}

void add_page_routes(http::Router& router, const Pages& pages, const std::string& people) {
    std::set<std::string> reserved;
    for (const auto& route : router.routes())
        reserved.emplace(name_of(route.pattern));
    router.add(
        {"GET", "/{path...}", http::Who::anybody, 0, "The pages",
         [&pages, people, reserved = std::move(reserved)](const http::Request& request) {
             return pages.serve(request, reserved, people);
         }});
}

} // namespace comity::api
