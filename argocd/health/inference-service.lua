-- The health of an InferenceService for Argo CD, in place of its own check: that one takes a model at zero for one that
-- is still being loaded, as soon as KServe looks at it, and everything behind it waits for ever. It has Lua 5.1 without
-- the library of strings.
--
-- status.observedGeneration is of no use: it counts changes of the Knative Service or the Deployment, not of the
-- InferenceService. Nor is modelStatus.transitionStatus=InProgress, which is what a model at zero has as well.

local status = obj.status or {}
local transition = (status.modelStatus or {}).transitionStatus
local conditions = {}
for _, condition in ipairs(status.conditions or {}) do
  conditions[condition.type] = condition
end
local ready = conditions.Ready or { status = "Unknown" }

local function reason_of(condition)
  return condition.message or condition.reason or ""
end

-- Revisions are Knative's; a Deployment has none.
local has_revisions = false
local rolling_out
for name, component in pairs(status.components or {}) do
  if component.latestCreatedRevision then
    has_revisions = true
    if component.latestCreatedRevision ~= component.latestReadyRevision then
      rolling_out = name .. ": " .. component.latestCreatedRevision .. " is not ready yet"
    end
  end
end

-- A Deployment counts as not ready, and not as unknown, until its first pod is there.
local function is_starting()
  local waits = false
  for _, name in ipairs({ "PredictorReady", "TransformerReady", "ExplainerReady" }) do
    local condition = conditions[name] or {}
    if condition.status == "False" then
      local reason = condition.reason or ""
      if reason ~= "" and reason ~= "MinimumReplicasUnavailable" then
        return false
      end
      waits = true
    end
  end
  return waits and not has_revisions
end

if conditions.Stopped and conditions.Stopped.status == "True" then
  return { status = "Suspended", message = "stopped" }
elseif transition == "BlockedByFailedLoad" or transition == "InvalidSpec" then
  local failure = status.modelStatus.lastFailureInfo or ready
  return { status = "Degraded", message = transition .. ": " .. reason_of(failure) }
elseif ready.status == "False" and not is_starting() then
  return { status = "Degraded", message = reason_of(ready) }
elseif ready.status == "True" and not rolling_out then
  return { status = "Healthy", message = "ready" }
end
return { status = "Progressing", message = rolling_out or reason_of(ready) }
