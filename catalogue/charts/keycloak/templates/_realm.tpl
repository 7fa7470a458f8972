{{/* The reconciler puts the variable's value in its place. */}}
{{- define "keycloak.placeholder" -}}
{{ printf "${%s}" . }}
{{- end }}

{{/* What the reconciler knows its clients by. */}}
{{- define "keycloak.mark" -}}
Made by the platform: what is changed here is changed back.
{{- end }}

{{/* Scopes that Keycloak gives to every client, and those that are made. */}}
{{- define "keycloak.knownScopes" -}}
openid profile email address phone offline_access organization microprofile-jwt
{{- end }}

{{/* Every file of the realm, by its name. */}}
{{- define "keycloak.files" -}}
{{- $files := dict "realm.json" (include "keycloak.realm" .) -}}
{{- $_ := set $files "profile.json" (include "keycloak.profile" .) -}}
{{- $known := splitList " " (include "keycloak.knownScopes" .) -}}
{{- range .Values.clients -}}
{{- $_ := set $files (printf "client-%s.json" .id) (include "keycloak.client" .) -}}
{{- if .roles }}{{ $_ := set $files (printf "roles-%s" .id) (join "\n" .roles) }}{{ end -}}
{{- $others := list -}}
{{- range .scopes }}{{ if not (has . $known) }}{{ $others = append $others . }}{{ end }}{{ end -}}
{{- if $others -}}
{{- $_ := set $files (printf "scopes-%s" .id) (join "\n" $others) -}}
{{- $client := .id -}}
{{- range $others -}}
{{- $made := include "keycloak.scope" (dict "scope" . "client" $client) -}}
{{- $_ := set $files (printf "scope-%s.json" .) $made -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- range .Values.oidcSources -}}
{{- $_ := set $files (printf "source-%s.json" .name) (include "keycloak.oidcSource" .) -}}
{{- $source := .name -}}
{{- range $claim, $attribute := .claims -}}
{{- $made := dict "source" $source "claim" $claim "attribute" $attribute -}}
{{- $made = include "keycloak.claim" $made -}}
{{- $_ := set $files (printf "claim-%s.%s.json" $source $claim) $made -}}
{{- end -}}
{{- end -}}
{{- range .Values.samlSources -}}
{{- $source := dict "source" . "realm" $.Values.realm -}}
{{- $_ := set $files (printf "source-%s.json" .name) (include "keycloak.samlSource" $source) -}}
{{- end -}}
{{- range .Values.directories -}}
{{- $_ := set $files (printf "directory-%s.json" .name) (include "keycloak.directory" .) -}}
{{- end -}}
{{ toYaml $files }}
{{- end }}

{{- define "keycloak.realm" -}}
{{- $realm := dict "realm" .Values.realm.name "displayName" .Values.realm.title "enabled" true -}}
{{- $_ := merge $realm (dict "internationalizationEnabled" true) -}}
{{- $_ := set $realm "supportedLocales" (list "en" "fr") -}}
{{- $_ := merge $realm (dict "defaultLocale" .Values.realm.language) -}}
{{ toPrettyJson $realm }}
{{- end }}

{{/* A client; `-` stands for no address after signing out. Its roles are told under `roles`. */}}
{{- define "keycloak.client" -}}
{{- $client := dict "clientId" .id "name" .title "enabled" true "protocol" "openid-connect" -}}
{{- $_ := set $client "description" (include "keycloak.mark" .) -}}
{{- $_ := merge $client (dict "redirectUris" .redirectUris "publicClient" .public) -}}
{{- $_ := merge $client (dict "standardFlowEnabled" true "implicitFlowEnabled" false) -}}
{{- $_ := merge $client (dict "directAccessGrantsEnabled" false "fullScopeAllowed" false) -}}
{{- $_ := set $client "clientAuthenticatorType" "client-secret" -}}
{{- /* The origins of these addresses. */ -}}
{{- $_ := set $client "webOrigins" (list "+") -}}
{{- $_ := set $client "secret" (include "keycloak.placeholder" .variable) -}}
{{- $after := join "##" .postLogoutRedirectUris | default "-" -}}
{{- $attributes := dict "post.logout.redirect.uris" $after -}}
{{- $_ := set $attributes "pkce.code.challenge.method" (ternary "S256" "" .pkce) -}}
{{- $_ := set $client "attributes" $attributes -}}
{{- $mappers := list -}}
{{- if .roles -}}
{{- $config := dict "claim.name" "roles" "jsonType.label" "String" "multivalued" "true" -}}
{{- $_ := merge $config (dict "id.token.claim" "true" "userinfo.token.claim" "true") -}}
{{- $_ := merge $config (dict "access.token.claim" "true") -}}
{{- $_ := set $config "usermodel.clientRoleMapping.clientId" .id -}}
{{- $mapper := dict "name" "roles" "protocol" "openid-connect" "config" $config -}}
{{- $_ := set $mapper "protocolMapper" "oidc-usermodel-client-role-mapper" -}}
{{- $mappers = append $mappers $mapper -}}
{{- end -}}
{{- $_ := set $client "protocolMappers" $mappers -}}
{{ toPrettyJson $client }}
{{- end }}

{{/* A scope that Keycloak does not bring: `groups`, and no other. */}}
{{- define "keycloak.scope" -}}
{{- if ne .scope "groups" -}}
{{- $known := include "keycloak.knownScopes" . -}}
{{- fail (printf "the client %s asks for the scope %s; there are %s groups"
      .client .scope $known) -}}
{{- end -}}
{{- $config := dict "claim.name" "groups" "full.path" "false" "access.token.claim" "true" -}}
{{- $_ := merge $config (dict "id.token.claim" "true" "userinfo.token.claim" "true") -}}
{{- $mapper := dict "name" "groups" "protocol" "openid-connect" "config" $config -}}
{{- $_ := set $mapper "protocolMapper" "oidc-group-membership-mapper" -}}
{{- $scope := dict "name" "groups" "protocol" "openid-connect" -}}
{{- $_ := set $scope "attributes" (dict "include.in.token.scope" "true") -}}
{{- $_ := set $scope "protocolMappers" (list $mapper) -}}
{{ toPrettyJson $scope }}
{{- end }}
