// A node's directory on disk: what `comity init` creates and `comity serve` opens. Starting never
// creates what should already exist.
//
//   node.toml            settings, every default written out
//   participant.json     this node's entry for the directory
//   keys/                private keys (0600) and certificates
//   comity.db            the store
//   record/ evidence/    files
//   control.sock         the control interface while the node runs
#pragma once

#include "apps/local_translator.hpp"
#include "node/node.hpp"
#include "post/sender.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace comity::apps {

struct OfficePlan {
    std::string id;
    std::string name; ///< in English
    std::vector<std::string> roles;
    std::string name_fr = {}; ///< empty: readers get the English
    std::string name_ar = {};
};

/// One of the first two people. Where the passkey was registered beforehand, they are on the roll
/// from the beginning; else `comity founders` makes a link for each.
struct FounderPlan {
    std::string person;
    std::string office;
    std::vector<std::string> roles;
    std::optional<crypto::Passkey> passkey;
    std::string name = {}; ///< for people; may be empty
};

struct NodePlan {
    std::string participant;
    std::string federation;
    directory::Kind kind = directory::Kind::authority;
    std::string country;
    std::vector<std::string> oversees;
    std::string name_en;
    std::string name_fr; ///< empty: readers get the English
    std::string name_ar = {};
    std::string host;
    int port = 0;
    std::string address = "127.0.0.1"; ///< to listen on
    std::string law;                   ///< directory of the law pack
    std::string pages;                 ///< directory of the built pages; empty: none are served
    bool witness = false;
    std::vector<OfficePlan> offices;
    std::vector<FounderPlan> founders; ///< both with a passkey, or neither
    std::vector<std::string> languages;
    json::Object capabilities;
    std::string callback; ///< an authority's contact for confirming emergencies; may be empty
    std::string release_proof = {};  ///< of the program that it is to run; may be empty
    std::string release_policy = {}; ///< whose releases are believed
};

/// Reads the plan that `comity init` is given as a JSON file.
Result<NodePlan> parse_plan(std::string_view text);

/// Creates the node's directory whole, or refuses already_exists. Returns the participant's entry
/// for the directory, also written to participant.json.
Result<directory::Participant> create_node(
    const std::filesystem::path& dir, const NodePlan& plan, Instant now);

/// What node.toml says.
struct NodeFile {
    node::Settings settings;
    std::string host;
    std::string address;
    int port = 0;
    std::string law;
    std::string pages;
    unsigned workers = 2;
    bool log_requests = false;
    Milliseconds record_padding{0}; ///< mean time between leaves that stand for no act
    post::WebRules web;
    post::MailServer mail; ///< where settings.mail.on
    std::string release_proof;
    std::string release_policy;
    TranslatorFile translator;
};

Result<NodeFile> read_settings(const std::filesystem::path& dir);
Result<node::Keys> read_keys(const std::filesystem::path& dir, const NodeFile& file);

/// Writes the hashes of the founders' entries into participant.json, once they are on the roll.
Result<void> name_founders(const std::filesystem::path& dir, const std::vector<Digest>& entries);

/// Bytes of a file; refuses not_initialised when it is missing.
Result<Bytes> read_file(const std::filesystem::path& path);
/// Creates a file of mode 0600 (secret) or 0644; faults when it exists or cannot be written.
void write_new_file(const std::filesystem::path& path, BytesView bytes, bool secret);

/// The law pack that the program finds by itself: $COMITY_LAW, beside the program, or ./law.
std::string default_law_directory();
/// The built pages that the program finds by itself: $COMITY_PAGES, or beside the program; empty
/// when there are none.
std::string default_pages_directory();

} // namespace comity::apps
