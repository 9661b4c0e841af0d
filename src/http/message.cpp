// Headers, answers and problem details (RFC 9457).
#include "http/message.hpp"

#include "base/said_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace comity::http {

namespace {

constexpr std::string_view problem_type = "application/problem+json";
constexpr std::string_view refusal_urn = "urn:comity:refusal:";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

struct StatusOf {
    Code code;
    int status;
};

// Every other refusal is 422: the request was understood, and the rules say no.
constexpr std::array statuses{
    StatusOf{Code::json_malformed, 400},
    StatusOf{Code::too_large, 413},
    // Waits: the same request may be sent again later.
    StatusOf{Code::directory_expired, 503},
    StatusOf{Code::sequence_ahead, 503},
    StatusOf{Code::rate_exceeded, 429},
    StatusOf{Code::peer_away, 503},
    StatusOf{Code::translation_failed, 503},
    // The state of things has moved on, or the thing is there already.
    StatusOf{Code::case_exists, 409},
    StatusOf{Code::sequence_taken, 409},
    StatusOf{Code::already_received, 409},
    StatusOf{Code::roll_exists, 409},
    StatusOf{Code::already_exists, 409},
    StatusOf{Code::directory_backward, 409},
    StatusOf{Code::draft_changed, 409},
    StatusOf{Code::changed_meanwhile, 412},
    StatusOf{Code::evidence_incomplete, 409},
    StatusOf{Code::not_found, 404},
    StatusOf{Code::translation_none, 404},
    StatusOf{Code::evidence_unknown, 404},
    StatusOf{Code::draft_unknown, 404},
    StatusOf{Code::not_allowed, 403},
    StatusOf{Code::inspection_missing, 403},
    StatusOf{Code::evidence_locked, 403},
    StatusOf{Code::evidence_deleted, 410},
};

struct Phrase {
    int status;
    std::string_view text;
};

constexpr std::array phrases{
    Phrase{100, "Continue"},
    Phrase{200, "OK"},
    Phrase{201, "Created"},
    Phrase{202, "Accepted"},
    Phrase{204, "No Content"},
    Phrase{206, "Partial Content"},
    Phrase{301, "Moved Permanently"},
    Phrase{302, "Found"},
    Phrase{303, "See Other"},
    Phrase{304, "Not Modified"},
    Phrase{307, "Temporary Redirect"},
    Phrase{308, "Permanent Redirect"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{406, "Not Acceptable"},
    Phrase{408, "Request Timeout"},
    Phrase{409, "Conflict"},
    Phrase{410, "Gone"},
    Phrase{411, "Length Required"},
    Phrase{412, "Precondition Failed"},
    Phrase{413, "Content Too Large"},
    Phrase{414, "URI Too Long"},
    Phrase{415, "Unsupported Media Type"},
    Phrase{416, "Range Not Satisfiable"},
    Phrase{417, "Expectation Failed"},
    Phrase{421, "Misdirected Request"},
    Phrase{422, "Unprocessable Content"},
    Phrase{428, "Precondition Required"},
    Phrase{429, "Too Many Requests"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{503, "Service Unavailable"},
    Phrase{505, "HTTP Version Not Supported"},
    Phrase{507, "Insufficient Storage"},
};

Response problem_response(int status, const json::Object& members) {
    Response response;
    response.status = status;
    response.content_type = problem_type;
    response.body = json::print(members);
    return response;
}

// A refusal's facts quote what came from outside, and JSON is UTF-8.
std::string printable(std::string_view text) {
    if (is_utf8(text)) return std::string(text);
    std::string out;
    for (const char c : text)
        out += static_cast<unsigned char>(c) < 0x80 ? c : '?';
    return out;
}

json::Value printable(json::Value value) {
    if (value.is_string()) return json::Value(printable(std::string_view(value.as_string())));
    if (value.is_array())
        for (auto& item : value.as_array())
            item = printable(std::move(item));
    if (value.is_object())
        for (auto& member : value.as_object())
            member.value() = printable(std::move(member.value()));
    return value;
}

std::string_view or_table(const std::string& own, std::string_view from_table) {
    return own.empty() ? from_table : std::string_view(own);
}

} // namespace

std::optional<std::string_view> Headers::find(std::string_view name) const {
    for (const auto& [field, value] : fields_)
        if (same_name(field, name)) return value;
    return std::nullopt;
}

std::size_t Headers::count(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        fields_, [&](const auto& field) { return same_name(field.first, name); }));
}

void Headers::set(std::string name, std::string value) {
    std::erase_if(fields_, [&](const auto& field) { return same_name(field.first, name); });
    add(std::move(name), std::move(value));
}

void Headers::add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
}

const std::string& Request::param(const std::string& name) const {
    const auto found = params.find(name);
    CHECK_THAT(found != params.end());
    return found->second;
}

std::optional<std::string> Request::query_if(const std::string& name) const {
    const auto found = query.find(name);
    if (found == query.end()) return std::nullopt;
    return found->second;
}

Response json_response(int status, const json::Value& value) {
    Response response;
    response.status = status;
    response.content_type = "application/json";
    response.body = json::print(value);
    return response;
}

Response text_response(int status, std::string text) {
    Response response;
    response.status = status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = std::move(text);
    return response;
}

Response no_content() {
    Response response;
    response.status = 204;
    return response;
}

int status_of(Code code) {
    for (const auto& entry : statuses)
        if (entry.code == code) return entry.status;
    return 422;
}

Response problem(const Refusal& refusal) {
    const auto& entry = refusal_entry(refusal.code);
    const int status = status_of(refusal.code);
    auto response = problem_response(
        status, {
                    {"type", std::string(refusal_urn) + std::string(entry.name)},
                    {"title", entry.what},
                    {"status", status},
                    {"detail", printable(refusal.text())},
                    {"code", entry.name},
                    {"rule", printable(or_table(refusal.rule, entry.rule))},
                    {"source", printable(or_table(refusal.source, entry.source))},
                    {"facts", printable(refusal.facts.text())},
                    {"facts_said", printable(said_value(refusal.facts))},
                    {"remedy", printable(or_table(refusal.remedy, entry.remedy))},
                });
    response.refusal = std::make_shared<const Refusal>(refusal);
    return response;
}

Response problem_in(const Refusal& refusal, std::string_view language) {
    const auto& entry = refusal_entry(refusal.code);
    const int status = status_of(refusal.code);
    const auto in = [language](std::string_view text) {
        return printable(said(text, {}).in(language));
    };
    const auto rule = in(or_table(refusal.rule, entry.rule));
    const auto source = printable(or_table(refusal.source, entry.source));
    const auto facts = printable(refusal.facts.in(language));
    const auto remedy = in(or_table(refusal.remedy, entry.remedy));
    const auto detail =
        say("{}: {}. {} ({}). {}.", in(entry.what), facts, rule, source, remedy).in(language);
    json::Object members{
        {"type", std::string(refusal_urn) + std::string(entry.name)},
        {"title", in(entry.what)},
        {"status", status},
        {"detail", detail},
        {"code", entry.name},
        {"rule", rule},
        {"source", source},
        {"facts", facts},
        {"remedy", remedy},
    };
    if (!refusal.facts.key().empty()) {
        json::Array parameters;
        for (const auto& parameter : refusal.facts.parameters())
            parameters.emplace_back(printable(parameter.in(language)));
        members["said"] = json::Object{
            {"key", refusal.facts.key()}, {"parameters", std::move(parameters)}, {"text", facts}};
    }
    auto response = problem_response(status, std::move(members));
    response.headers.set("Content-Language", std::string(language));
    return response;
}

Response problem(int status, std::string_view detail) {
    return problem_response(
        status, {{"type", "about:blank"},
                 {"title", status_phrase(status)},
                 {"status", status},
                 {"detail", printable(detail)}});
}

Response incident_problem(int status, std::string_view incident) {
    return problem_response(
        status,
        {{"type", "about:blank"},
         {"title", status_phrase(status)},
         {"status", status},
         {"detail", "Something failed inside this node. Nothing was done. Its operator finds the "
                    "reason in the log under the incident number."},
         {"incident", incident}});
}

std::optional<Refusal> refusal_from(const Response& response) {
    if (response.content_type != problem_type) return std::nullopt;
    constexpr std::size_t problem_bytes = 64 * 1024;
    const auto document = json::parse_object(response.body, problem_bytes);
    if (!document) return std::nullopt;
    const auto member = [&](std::string_view name) -> std::string {
        const auto* value = document->if_contains(name);
        return value && value->is_string() ? std::string(value->as_string()) : std::string();
    };
    const auto* entry = refusal_entry(member("code"));
    if (!entry || member("type") != std::string(refusal_urn) + std::string(entry->name))
        return std::nullopt;
    return Refusal{
        entry->code, Said::value(member("facts")), member("rule"), member("source"),
        member("remedy")};
}

std::string_view status_phrase(int status) {
    for (const auto& phrase : phrases)
        if (phrase.status == status) return phrase.text;
    return "Status";
}

} // namespace comity::http
