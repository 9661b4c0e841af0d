// Reads the operations out of the contract that was built in.
#include "api/contract.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>

namespace comity::api {

namespace {

// The generated file holds the document in pieces, because compilers bound the length of a literal.
constexpr std::string_view pieces[] = {
#include "api/openapi.inc"
};

constexpr std::size_t contract_bytes = 1024 * 1024;

std::string joined() {
    std::string out;
    for (const auto piece : pieces)
        out += piece;
    return out;
}

Rule read_rule(const json::Object& operation) {
    const auto& object = operation.at("x-authorisation").as_object();
    json::Reader in{object, "x-authorisation"};
    Rule out;
    const auto who = in.string("who");
    CHECK_THAT(who == "anybody" || who == "person");
    out.signed_in = who == "person";
    out.roles = in.strings_if("roles");
    out.object = in.string("object");
    constexpr std::array<std::string_view, 5> objects = {
        "own", "office", "participant", "case", "none"};
    CHECK_THAT(std::find(objects.begin(), objects.end(), out.object) != objects.end());
    (void)in.string_if("note");
    CHECK_THAT(in.done().has_value());
    return out;
}

Operation read_operation(std::string method, std::string path, const json::Object& operation) {
    Operation out;
    out.id = operation.at("operationId").as_string();
    out.changes = method != "get";
    std::transform(method.begin(), method.end(), method.begin(), [](char c) {
        return static_cast<char>(c - 'a' + 'A');
    });
    out.method = std::move(method);
    out.path = std::move(path);
    out.summary = operation.at("summary").as_string();
    out.rule = read_rule(operation);
    for (const auto& tag : operation.at("tags").as_array())
        out.practice = out.practice || tag.as_string() == "practice";
    if (const auto* body = operation.if_contains("requestBody"))
        out.body = body->as_object().at("content").as_object().begin()->key();
    return out;
}

std::vector<Operation> read_all() {
    const auto document = json::parse_object(openapi_text(), contract_bytes);
    CHECK_THAT(document.has_value());
    std::vector<Operation> out;
    constexpr std::array<std::string_view, 5> methods = {"get", "post", "put", "patch", "delete"};
    for (const auto& path : document->at("paths").as_object())
        for (const auto& member : path.value().as_object())
            if (std::find(methods.begin(), methods.end(), member.key()) != methods.end())
                out.push_back(read_operation(member.key(), path.key(), member.value().as_object()));
    return out;
}

} // namespace

std::string_view openapi_text() {
    static const std::string text = joined();
    return text;
}

const std::vector<Operation>& operations() {
    static const std::vector<Operation> all = read_all();
    return all;
}

} // namespace comity::api
