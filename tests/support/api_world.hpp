// A node of the practice federation with its pages' interface, called without a network: requests
// go through the same route table and the same guards, and answers are held against the contract.
#pragma once

#include "api/api.hpp"
#include "support/node_practice.hpp"

#include <map>
#include <memory>
#include <string>

namespace comity::test {

class ApiWorld {
public:
    explicit ApiWorld(const std::string& participant = "arcadia-authority");
    /// Another node of the same federation.
    ApiWorld(Practice& shared, const std::string& participant);

private:
    std::unique_ptr<Practice> own_;

public:
    Practice& practice;

    struct Ask {
        std::string method;
        std::string path; ///< below /api/v1, with the query
        json::Value body; ///< null for none
        std::string cookie;
        std::string origin = "https://arcadia-authority.example";
        std::map<std::string, std::string> headers;
        Bytes raw; ///< a body that is no JSON
    };

    /// What is not as the contract says fails the test (api_schema.hpp).
    http::Response call(const Ask& ask);
    http::Response get(const std::string& path, const std::string& cookie = {});
    http::Response post(
        const std::string& path, const json::Value& body, const std::string& cookie = {});
    http::Response put(const std::string& path, Bytes raw, const std::string& cookie);
    http::Response remove(const std::string& path, const std::string& cookie);

    /// Enrols a passkey for signing in, for somebody who already has one for acts.
    Person& sign_in_key(const std::string& name);
    /// Signs in; the cookie, as a browser sends it back.
    std::string signed_in(const std::string& name);
    /// The answer to a fresh challenge, as the browser posts it.
    json::Object assertion(const Person& person, const std::string& challenge) const;

    /// Makes it a node of the practice world with these keys, which outlive it. Nobody is signed
    /// in.
    void practise(const api::PracticeKeys& keys);

    [[nodiscard]] node::Node& node() { return practice.node(participant_); }

    [[nodiscard]] api::Api& api() { return *api_; }

private:
    void make();

    std::string participant_;
    std::map<std::string, Person> sign_in_keys_;
    std::unique_ptr<node::Sequencer> sequencer_;
    std::unique_ptr<node::Staging> staging_;
    std::unique_ptr<node::Openings> openings_;
    std::unique_ptr<http::Services> services_;
    std::unique_ptr<api::Api> api_;
    http::Router router_;
};

/// The body of an answer.
json::Object object_of(const http::Response& response);
std::string code_of(const http::Response& response);

/// How a request for access data from Arcadia to Borealia opens.
json::Object opening();
/// What a person of Arcadia means to do, as the browser posts it: an act of the practice case, or
/// the first of a new one where there is none.
json::Object intent(
    ApiWorld& world, const std::string& name, const std::string& act, json::Object fields);

} // namespace comity::test
