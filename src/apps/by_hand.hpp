// The steps of setting up a federation and acting in it from the command line: passkeys in
// software (for practice and for machines without a browser), the directory, the roll, acts.
#pragma once

#include "base/refusal.hpp"

#include <string>
#include <vector>

namespace comity::apps {

/// Creates a passkey in a file of mode 0600 and prints the `passkey` object for a plan.
Result<void> create_passkey(const std::string& file, const std::string& host);

struct DirectoryDraft {
    std::string federation;
    std::string law;
    std::int64_t version = 1;
    std::int64_t threshold = 1;
    int days = 30;
    std::vector<std::string> participants; ///< participant.json files; authorities become members
    std::vector<std::string> witnesses;    ///< participant=vkey-file
    std::string rules;                     ///< a file with the `rules`; empty for none
    std::string out;
};

Result<void> draft_directory(const DirectoryDraft& draft);

/// Adds the signature of the node in `dir` to a draft or a partly signed directory.
Result<void> sign_directory(const std::string& dir, const std::string& in, const std::string& out);

Result<void> install_directory_file(const std::string& dir, const std::string& file);

struct Enrolling {
    std::string dir;
    std::string person;
    std::string office;
    std::vector<std::string> roles;
    std::string passkey;         ///< the new person's passkey file
    std::vector<std::string> by; ///< two of person=passkey-file
    int days = 365;
};

Result<void> enrol_by_hand(const Enrolling& enrolling);

struct Acting {
    std::string dir;
    std::string act;
    std::string case_id; ///< empty: opens a case
    std::string procedure = "mla";
    std::string person;
    std::string office;
    std::string role;
    std::string passkey;
    std::string fields;  ///< a JSON file; either the fields or {"form", "fields"}
    std::string opening; ///< a JSON file, for the first act
    std::string joining;
    std::vector<std::string> about; ///< hashes of the acts that an inspection names
};

/// Prepares the act, shows what is approved, approves it with the passkey file, performs it.
Result<void> act_by_hand(const Acting& acting);

} // namespace comity::apps
