// The pages as the node serves them: static files that the build made, listed in its manifest, and
// the policy under which a browser runs them. Nothing of a page is made at the time of the request.
#pragma once

#include "http/router.hpp"

#include <functional>
#include <map>
#include <set>
#include <string>

namespace comity::api {

/// Reads a file of the build by its path in the manifest.
using ReadFile = std::function<Result<Bytes>(const std::string& path)>;

/// The built pages, in memory. Immutable, so safe from several threads.
class Pages {
public:
    /// Reads manifest.json and every file that it names. Refuses setting_invalid when the manifest
    /// is malformed, a file is missing, or one is not the file that was built (size, SHA-256).
    static Result<Pages> read(const ReadFile& file);

    /// The file of that path; for a path that is no file the first page, which finds its way by
    /// the path itself; 404 under /assets, and under what `reserved` names. `people` is the origin
    /// at which people sign in: who comes to /sign-in or /enrol by another name is sent there,
    /// because only there a passkey can approve acts.
    [[nodiscard]] http::Response serve(
        const http::Request& request, const std::set<std::string>& reserved,
        const std::string& people) const;

    /// What a visitor's first page needs, compressed, in bytes.
    [[nodiscard]] std::int64_t first_page() const { return first_page_; }

private:
    struct File {
        std::string type;
        Bytes plain;
        Bytes gzip; ///< empty: not worth it
        std::string tag;
        bool immutable = false;
    };

    std::map<std::string, File> files_;
    std::string fallback_;
    std::int64_t first_page_ = 0;
};

/// The fields that every answer to a browser carries: no script but ours, no frame, no guess about
/// types, nobody else's page may embed or read it (threats T43, T45).
void add_policy(http::Headers& headers);

/// Adds the route of the pages: every path that no other route of `router` begins with.
void add_page_routes(http::Router& router, const Pages& pages, const std::string& people);

} // namespace comity::api
