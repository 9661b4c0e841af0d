// A caller of a node's control socket: used by the command line and the practice world.
#pragma once

#include "base/json.hpp"
#include "http/client.hpp"

#include <filesystem>
#include <memory>

namespace comity::apps {

class Control {
public:
    explicit Control(const std::filesystem::path& node_dir);

    /// The answer's document; a refusal of the node comes back as one. When the node does not
    /// answer, tries again for up to `patience` (a node that restarts is no error for its people).
    Result<json::Object> get(const std::string& path);
    Result<json::Object> post(const std::string& path, const json::Object& body);
    Result<Bytes> raw(const std::string& method, const std::string& path, BytesView body);

    void patience(Milliseconds value) { patience_ = value; }

private:
    std::unique_ptr<http::Client> client_;
    Milliseconds patience_{0};
};

} // namespace comity::apps
