// Asks the running node, which alone knows what waits.
#include "apps/webhooks_command.hpp"

#include "apps/control.hpp"
#include "apps/control_command.hpp"

#include <fmt/format.h>

#include <memory>

namespace comity::apps {

namespace {

struct Asked {
    std::string dir;
    std::string name;
    bool json = false;
};

std::string_view text_of(const json::Value& value) {
    return value.as_string();
}

Result<void> show(const Asked& a) {
    TRY(const auto answer, Control(a.dir).get("/webhooks"));
    if (a.json) {
        fmt::print("{}", json::pretty(answer));
        return {};
    }
    fmt::print("Key of the signatures: {}\n", text_of(answer.at("key")));
    for (const auto& one : answer.at("webhooks").as_array()) {
        const auto* heard = one.as_object().if_contains("heard");
        fmt::print(
            "{}  {}\n  {} waiting, {} given up, {}\n", text_of(one.at("name")),
            text_of(one.at("url")), one.at("waiting").as_int64(), one.at("missed").as_int64(),
            heard ? fmt::format("heard {}", text_of(*heard)) : std::string("never heard"));
        if (one.at("attempts").as_int64() > 0)
            fmt::print(
                "  {} attempts in vain: {}\n", one.at("attempts").as_int64(),
                text_of(one.at("problem")));
    }
    return {};
}

Result<void> send_test(const Asked& a) {
    TRY_VOID(Control(a.dir).post(fmt::format("/webhooks/{}/test", a.name), json::Object{}));
    fmt::print("A test is on its way; comity webhooks show says whether it was heard.\n");
    return {};
}

} // namespace

void add_webhooks(Command app, std::function<int()>& run) {
    const auto kept = std::make_shared<Asked>();
    auto& a = *kept;
    auto webhooks =
        app.add_subcommand("webhooks", "Systems of your own that are told that something happened");
    webhooks.require_subcommand(1);
    const auto add = [&](const char* name, const char* what, Result<void> (*work)(const Asked&)) {
        return add_control_command(webhooks, run, kept, name, what, work);
    };
    add("show", "How each stands, and the key by which they verify", show)
        .add_flag("--json", a.json, "print JSON");
    add("test", "Send a message of kind webhook.test", send_test)
        .add_option("name", a.name, "as the settings call it")
        .required();
}

} // namespace comity::apps
