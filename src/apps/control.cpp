// Calls over the control socket.
#include "apps/control.hpp"

#include "base/limits.hpp"

#include <thread>

namespace comity::apps {

Control::Control(const std::filesystem::path& node_dir) {
    http::LocalClientOptions options;
    options.path = (node_dir / "control.sock").string();
    client_ = std::make_unique<http::Client>(std::move(options));
}

Result<Bytes> Control::raw(const std::string& method, const std::string& path, BytesView body) {
    constexpr Milliseconds answer_time = std::chrono::seconds{120};
    const auto until = std::chrono::steady_clock::now() + patience_;
    for (;;) {
        http::Headers headers;
        if (method != "GET") headers.set("Content-Type", "application/json");
        auto outcome = client_->send(method, "/control/v1" + path, headers, body, answer_time);
        if (outcome && outcome->status < 300) return std::move(outcome->body);
        if (outcome)
            if (auto refusal = http::refusal_from(*outcome))
                return tl::unexpected(std::move(*refusal));
        if (std::chrono::steady_clock::now() >= until)
            return refuse(
                Code::not_initialised,
                outcome ? "the node answered: " + outcome->body.substr(0, 300)
                        : "the node does not answer: " + outcome.error().problem.text());
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
}

Result<json::Object> Control::get(const std::string& path) {
    TRY(const auto body, raw("GET", path, {}));
    return json::parse_object(body, limits::catch_up_bytes);
}

Result<json::Object> Control::post(const std::string& path, const json::Object& body) {
    TRY(const auto answer, raw("POST", path, body.empty() ? std::string() : json::print(body)));
    return json::parse_object(answer, limits::catch_up_bytes);
}

} // namespace comity::apps
