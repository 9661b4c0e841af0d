// The links go out by hand, the codes come back by voice, and then the directory can name the two.
#include "apps/founders_command.hpp"

#include "api/api.hpp"
#include "apps/control.hpp"
#include "apps/control_command.hpp"
#include "apps/setup.hpp"

#include <fmt/format.h>

#include <memory>

namespace comity::apps {

namespace {

struct Founding {
    std::string dir;
    std::string again;
    std::vector<std::string> codes;
    bool json = false;
};

std::string_view text_of(const json::Value& value) {
    return value.as_string();
}

Result<void> invite(const Founding& a) {
    TRY(const auto file, read_settings(a.dir));
    const auto people = api::Settings::of(file.host, file.port).people;
    json::Object wanted;
    if (!a.again.empty()) wanted["person"] = a.again;
    TRY(const auto answer, Control(a.dir).post("/founders/invite", wanted));
    json::Array links;
    for (const auto& one : answer.at("invited").as_array())
        links.emplace_back(json::Object{
            {"person", one.at("person")},
            {"link", fmt::format("{}/enrol#{}", people, text_of(one.at("token")))},
            {"expires", one.at("expires")}});
    if (a.json) {
        fmt::print("{}", json::pretty(json::Object{{"invited", std::move(links)}}));
        return {};
    }
    if (links.empty())
        fmt::print(
            "Both have made their passkeys. Next: comity founders confirm --dir {} --code "
            "PERSON=CODE --code PERSON=CODE\n",
            a.dir);
    for (const auto& link : links)
        fmt::print(
            "{}\n  {}\n  works once, until {}. Hand it over in person; have the code read to "
            "you.\n",
            text_of(link.at("person")), text_of(link.at("link")), text_of(link.at("expires")));
    return {};
}

Result<void> show(const Founding& a) {
    TRY(const auto answer, Control(a.dir).get("/founders"));
    if (a.json) {
        fmt::print("{}", json::pretty(answer));
        return {};
    }
    for (const auto& one : answer.at("founders").as_array()) {
        const auto* expires = one.as_object().if_contains("expires");
        fmt::print(
            "{:<24} {}{}\n", text_of(one.at("person")), text_of(one.at("state")),
            expires ? fmt::format(", until {}", text_of(*expires)) : std::string());
    }
    return {};
}

Result<void> confirm(const Founding& a) {
    json::Object codes;
    for (const auto& option : a.codes) {
        const auto at = option.find('=');
        if (at == std::string::npos || at == 0 || at + 1 == option.size())
            return refuse(Code::setting_invalid, fmt::format("\"{}\" is not person=code", option));
        codes[option.substr(0, at)] = option.substr(at + 1);
    }
    TRY(const auto answer,
        Control(a.dir).post("/founders/confirm", json::Object{{"codes", std::move(codes)}}));
    std::vector<Digest> entries;
    for (const auto& item : answer.at("entries").as_array()) {
        const auto hash = digest_from_text(text_of(item));
        CHECK_THAT(hash.has_value());
        entries.push_back(*hash);
    }
    TRY_VOID(name_founders(a.dir, entries));
    fmt::print(
        "Both are on the roll. Next: have {}/participant.json entered in the directory, and "
        "install it: comity directory install --dir {} directory.jws\n",
        a.dir, a.dir);
    return {};
}

} // namespace

void add_founders(Command app, std::function<int()>& run) {
    const auto kept = std::make_shared<Founding>();
    auto& a = *kept;
    auto founders = app.add_subcommand(
        "founders", "The first two people of a new node, who make their passkeys in a browser");
    founders.require_subcommand(1);
    const auto add = [&](const char* name, const char* what,
                         Result<void> (*work)(const Founding&)) {
        return add_control_command(founders, run, kept, name, what, work);
    };
    auto links = add("invite", "A link for each who has made no passkeys; it works once", invite);
    links.add_option("--again", a.again, "a new link for this one, whatever was made before");
    links.add_flag("--json", a.json, "print JSON");
    add("show", "How far both are", show).add_flag("--json", a.json, "print JSON");
    add("confirm", "Put both on the roll with the codes that they read from their page", confirm)
        .add_option("--code", a.codes, "person=code, twice")
        .required();
}

} // namespace comity::apps
